package flows_test

import (
	"fmt"

	"github.com/buurtbot/buurtbot/bot/civic"
)

// policeAsk are questionnaires as police may put them in the place of what is built in, by the name in a transcript's
// header. A file of them is read, and its mistakes are told, in cmd/buurtbot.
var policeAsk = map[string]civic.Questionnaire{
	"camera": {
		civic.Burglary: {
			{
				Key:   "camera",
				Ask:   map[string]string{"nl": "Hangt er een camera <of deurbel>?", "en": "Is there a camera or a doorbell?"},
				Label: map[string]string{"nl": "Camera", "en": "Camera"},
				Answers: []civic.QuickAnswer{
					{Key: "yes", Words: map[string]string{"nl": "Ja, die filmt", "en": "Yes, it films"}, Stems: []string{"camerabeeld"}},
					{Key: "no", Words: map[string]string{"nl": "Nee", "en": "No"}},
				},
			},
			builtIn(civic.Burglary, civic.AskWayIn),
		},
		civic.Theft: {},
	},
	"full": full(),
}

// full is as many questions as police may ask of each category, none of which a story answers.
func full() civic.Questionnaire {
	all := civic.Questionnaire{}
	for _, info := range civic.Categories {
		for n := range civic.MostExtrasOf(info.Key) {
			key := fmt.Sprintf("q%d", n+1)
			all[info.Key] = append(all[info.Key], civic.AskedExtra{
				Key: key, Ask: map[string]string{"nl": "Vraag " + key + "?"}, Label: map[string]string{"nl": key},
				Answers: []civic.QuickAnswer{{Key: "a", Words: map[string]string{"nl": "Antwoord " + key}}},
			})
		}
	}
	return all
}

func builtIn(c civic.Category, key civic.Extra) civic.AskedExtra {
	q, _ := civic.BuiltInQuestionOf(c, key)
	return q
}
