package civic

// Queue says which of a network's open cases are asked for; what is zero does not matter, except the Reader:
// nobody gets what they may not see.
type Queue struct {
	Network AreaID
	Reader         // who asks
	Owner   int64  // the person who has it
	Street  AreaID // and not another street
	Group   AreaID // and not another street group
	Partner bool   // only what a partner has
}
