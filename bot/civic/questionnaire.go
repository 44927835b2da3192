package civic

import (
	"maps"
	"slices"
	"strings"
)

// AskedExtra is a question of a category: a key, quick answers, and, where police made it, its own words. A question without
// words is built in, and its words are texts.
type AskedExtra struct {
	Key     string
	Ask     map[string]string // by language; nil = built in
	Label   map[string]string // how its answer is headed on the card
	Answers []QuickAnswer
}

// QuickAnswer is a usual answer, for a button.
type QuickAnswer struct {
	Key   string
	Words map[string]string // by language; nil = built in
	Stems []string          // parts of words; a story that holds one has told it
}

// Questionnaire is what is asked for each category besides the core of a report, in order.
type Questionnaire map[Category][]AskedExtra

// MostExtras is how many questions a category has at most: the longest report stays within twelve (issue 5).
const MostExtras = 4

// fewerExtras is how many that is where a report asks for a description of somebody or of a vehicle besides.
var fewerExtras = map[Category]int{SuspiciousBehaviour: 0, SuspiciousVehicle: 0, Robbery: 0}

// MostExtrasOf is how many questions a category has at most, so that its longest report stays within twelve.
func MostExtrasOf(c Category) int {
	if n, fewer := fewerExtras[c]; fewer {
		return n
	}
	return MostExtras
}

// BuiltInQuestions is the questionnaire of domain §5.3. When something was found or seen last is asked with the time, the
// number of a lamp with its picture, and behaviour, descriptions and pictures have questions of their own; see
// [CategoryInfo].
func BuiltInQuestions() Questionnaire {
	all := Questionnaire{}
	for _, info := range Categories {
		for _, key := range info.Ask {
			if q, is := BuiltInQuestionOf(info.Key, key); is {
				all[info.Key] = append(all[info.Key], q)
			}
		}
	}
	return all
}

// BuiltInQuestion is one of the built-in questions; false for a key that has none.
func BuiltInQuestion(key Extra) (AskedExtra, bool) {
	answers, is := quickAnswers[key]
	return AskedExtra{Key: string(key), Answers: answers}, is
}

// BuiltInQuestionOf is a built-in question as a category asks it; false for a key that has none, and for the number of a
// lamp, which is asked with its picture.
func BuiltInQuestionOf(c Category, key Extra) (AskedExtra, bool) {
	q, is := BuiltInQuestion(key)
	if by, special := answersFor[c]; special && key == AskSigns {
		q.Answers = by
	}
	return q, is && key != AskNumber
}

// Askable lists the keys of the built-in questions.
func Askable() []string {
	var keys []string
	for key := range quickAnswers {
		if key != AskNumber {
			keys = append(keys, string(key))
		}
	}
	slices.Sort(keys)
	return keys
}

// quick makes quick answers of "key: stem stem".
func quick(lines ...string) []QuickAnswer {
	var all []QuickAnswer
	for _, line := range lines {
		key, stems, _ := strings.Cut(line, ":")
		all = append(all, QuickAnswer{Key: key, Stems: strings.Fields(stems)})
	}
	return all
}

// quickAnswers are the usual answers of each built-in question, with the stems of words by which a story gives them.
var quickAnswers = map[Extra][]QuickAnswer{
	AskWayIn: quick("door: deur slot door lock cilinder", "window: raam ruit window", "shed: schuur berging garage shed",
		"open: openstond stond_open was_open"),
	AskTraces: quick("yes", "no"),
	AskGoods: quick("bike: fiets bike bicycle", "car: auto scooter brommer car", "parcel: pakket pakje parcel",
		"purse: tas portemonnee telefoon purse wallet phone"),
	AskDeclared: quick("yes: aangifte_gedaan", "no", "later"),
	AskSafe:     quick("yes", "no"),
	AskPretext: quick("repair: monteur meter gas water loodgieter repair", "bank: bank pinpas",
		"charity: collect goede_doel charity", "police: politie agent police"),
	AskVictim: quick("fine", "upset: overstuur geschrokken upset", "lost: geld_kwijt pas_kwijt meegegeven"),
	AskWho: quick("family: zoon dochter vader moeder oma opa broer zus man_is vrouw_is son daughter father mother",
		"neighbour: buur neighbour", "carer: zorg verpleeg carer"),
	AskAge: quick("child: kind zoontje dochtertje jongetje child", "teen: puber tiener teen", "adult",
		"elderly: oma opa dement bejaard oud elderly"),
	AskMedical: quick("yes: dement medicijn insuline ziek", "no"),
	AskSeen: quick("using: gebruik blow spuit snuif using", "dealing: deal verko handel dealing",
		"dump: dump vaten jerrycan gedumpt", "smell: geur stank ruik wiet smell"),
	AskTimes: quick("morning: ochtend morning", "afternoon: middag afternoon", "evening: avond evening", "night: nacht night",
		"always: altijd hele_dag elke_dag iedere_dag dagelijks every_day always"),
	AskSigns: nil,
	AskHappens: quick("noise: herrie lawaai muziek schreeuw noise", "drink: drank drugs blow drink",
		"litter: rommel blikjes afval litter", "bother: lastig naroep uitschel bother"),
	AskNumber: {},
	AskRental: quick("rent: huur rent", "own: koop own", "unknown"),
	AskSince:  quick("today: vandaag vannacht today", "week: week", "month: maand month", "longer: jaar year"),
	AskOwner: quick("housing: corporatie woningbouw woonstichting", //nolint:misspell // Dutch
		"private: particulier", "municipality: gemeente", "unknown"),
	AskDangerNow: quick("yes", "no", "unknown"),
}

// answersFor are the signs by category: they are not the same everywhere (domain §1.5).
var answersFor = map[Category][]QuickAnswer{
	SubversiveCrime: quick("smell: geur stank ruik wiet smell", "covered: afgeplakt dichtgeplakt geblindeerd taped",
		"visitors: bezoek aanloop inlopen visitors", "hum: gezoem zoem brom hum"),
	VacancyFraud: quick("letterbox: brievenbus letterbox", "curtains: gordijn curtain",
		"strangers: steeds_andere elke_week toerist strangers", "empty: leeg empty"),
}

// ToldIn reports whether a story gives a usual answer already, so that the question need not be asked.
func (q AskedExtra) ToldIn(story string) bool {
	text := "_" + strings.Join(plainWordsOf(story), "_") + "_"
	return slices.ContainsFunc(q.Answers, func(a QuickAnswer) bool {
		return slices.ContainsFunc(a.Stems, func(stem string) bool { return strings.Contains(text, stem) })
	})
}

// BuiltIn reports whether the question's words are texts.
func (q AskedExtra) BuiltIn() bool { return q.Ask == nil }

// Replaced is the questionnaire with the categories of other put in the place of its own.
func (q Questionnaire) Replaced(other Questionnaire) Questionnaire {
	all := maps.Clone(q)
	maps.Copy(all, other)
	return all
}

// BuiltInExtras lists the keys of the built-in questions, and of the quick answers of each, for whoever needs their texts.
func BuiltInExtras() map[string][]string {
	keys := map[string][]string{}
	add := func(key Extra, answers []QuickAnswer) {
		for _, a := range answers {
			if !slices.Contains(keys[string(key)], a.Key) {
				keys[string(key)] = append(keys[string(key)], a.Key)
			}
		}
	}
	for key, answers := range quickAnswers {
		keys[string(key)] = append(keys[string(key)], []string{}...)
		add(key, answers)
	}
	for _, answers := range answersFor {
		add(AskSigns, answers)
	}
	return keys
}
