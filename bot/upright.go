package bot

import (
	"image"
)

const tagOrientation = 0x0112

// standing is how a JPEG says that its first row and column are to be held: 1 to 8 (Exif 2.32, §4.6.4.A). 1, upright, is also
// what says nothing or nonsense. A camera leaves the picture as its sensor lies and notes this; nothing of it is stored.
func standing(raw []byte) int {
	t, ok := exifOf(raw)
	if !ok {
		return 1
	}
	entry := t.find(t.long(4), tagOrientation)
	if entry == nil {
		return 1
	}
	if n := int(t.order.Uint16(entry[8:])); n >= 1 && n <= 8 {
		return n
	}
	return 1
}

// upright is a picture held as its camera said, so that it can do without its metadata.
func upright(img image.Image, standing int) image.Image {
	if standing <= 1 || standing > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	// From the fifth on rows become columns.
	size := image.Rect(0, 0, w, h)
	if standing >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			tx, ty := held(x, y, w, h, standing)
			out.Set(tx, ty, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// held is where a point of a picture of w by h comes to lie.
func held(x, y, w, h, standing int) (int, int) {
	switch standing {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
