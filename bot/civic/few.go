package civic

// FewestTold is the smallest number of members that is ever told. A smaller one could tell who it is: of three people in a
// street, everybody knows which one is on holiday (domain §4, rows 6, 70 and 78; edge case 25).
const FewestTold = 5

// TooFew reports whether a number of people is so small that it is not told. That there is nobody may be told.
func TooFew(people int) bool { return people > 0 && people < FewestTold }
