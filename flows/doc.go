// Package flows is what the bot does: signing up, reporting, triage, alerts.
//
// Rules of the package. A flow is a form, a card with its actions, or a command, declared as data; it holds no text (those
// are in locales), no platform, no SQL and no permission check. Who may do a thing is named in Needs and asked by the
// engine. What is told to people goes through the turn, so it is committed with what it tells of.
//
// Nobody but the bot knows who reported: what goes to a room is made from types that have no reporter in them, or by
// functions that name the reporter by number within the case ("reporter 1").
//
// What is wrong with an alert, or around it, by its number in the acceptance stories where it has one, and the transcripts and
// tests that play it with the words that people read:
//
//	1 an administrator without a face: alert-refused
//	2 a former officer: alert-refused, roles-end
//	3 the wrong room, and the room of another network: alert-refused, flows.TestNothingOfANetworkIsSeenOrDoneInAnother
//	6 two officers and one case: alert-two-officers
//	7 a crash after 130 of 200: flows.TestACrashAfter130Of200LeavesTheRest, civic.TestCrashInTheMiddleLeavesTheRest
//	8 a network that slows us down: buurtbot.TestAlertReaches500GroupsInBadWeather
//	9 a group that becomes a supergroup: telegram.TestGroupThatMovedIsFollowed
//	a group that moved while it was out of reach: flows.TestAnAlertIsTriedAgainInTheGroupThatMoved
//	a group that another took the place of: alert-retry-replaced
//	10 a chat from which the bot was removed: alert-retry, flows.TestAnAlertReachesTheGroupsInWhichTheBotStillIs
//	11 a member who blocked the bot: alert-skips
//	27 a coordinator who tells of danger: alert-bad-moments
//	28 a text left over from a test: civic.TestATextLeftOverFromATestIsStopped
//	a command that was passed on, or made by editing: alert-refused
//	no text: alert-empty
//	too long a text, an end in the past, a street that does not exist: alert-bad-input
//	for two networks: flows.TestTheSameAlertInASecondNetworkNeedsASecondOfficer
//	a correction of what went to two networks: flows.TestOneCorrectionPutsTheSameAlertRightInBothNetworks
//	how far it is in two networks: flows.TestOneCardFollowsTheSameAlertInBothNetworks
//	a time that is still to come, or none: alert-when
//	a correction that harms: alert-corrected-words, flows.TestWhatHarmsPeoplePassesInNoCorrection
//	an officer who is away: cover-police
//	twice in a second: alert-bad-moments
//	a network that is down in the middle: flows.TestAnAlertIsNeitherLostNorRepeatedWhenThePlatformIsDownInTheMiddle
//	a homeserver that is down for an hour: flows.TestHomeserverThatIsDownForAnHourGetsEverythingAfterwardsOnce
//	a clock that moves by an hour: alert-bad-moments, flows.TestAPlannedHourSurvivesTheChangeOfClocks
//
// Why transcripts are the tests: a conversation is right when it reads right. The files in testdata are both the script
// and the expectation, and each is played plainly, restarted before every line, with every update twice, crashed
// between commit and delivery, and through a Bot API emulator.
//
// When what is kept about people came out, what stands still and who must decide: leak, leak-halted, leak-second,
// flows.TestALeakIsNotedInAllNetworksOfWhoNotesIt.
//
// When somebody who is no member asks whether anything is kept about them: lookup, lookup-waits,
// flows.TestALookupGoesThroughEveryCase, flows.TestALookupSeesOneNetworkAlone, flows.TestWhatWasLookedForIsForgotten,
// flows.TestNobodyLooksAlone.
//
// What people send without meaning harm, by its number in the acceptance stories where it has one, and the transcripts
// and tests in which it gets its kind answer:
//
//	4 a card that is passed on: flows.TestACardThatIsPassedOnNamesNoReporter, triage-strangers
//	5 a button on a case that was closed three weeks ago: triage-strangers
//	12 a message that is changed after it was sent: report-edges
//	13 4,096 characters and more, markup, right to left, marks of no width, emoji only: report-bad-input, report-edges
//	14 a voice message only: report-recording
//	17 the wish to be erased while a case is with the police: own-erase
//	18 somebody asks whether they are in it: report-edges
//	19 a hint of violence at home: report-help-lines, report-minor-danger
//	20 a hint of suicide: report-help-lines
//	21 a report about a police officer: report-about-coordinator
//	22 all coordinators of a street group are away: cover, triage-timers-nobody
//	24 the same as what was taken back: report-same
//	25 a number so small that it tells who: flows.TestNobodyWithoutARoleReadsHowManyReportsThereAre, triage-answer
//	29 a partner gives the same case back again: triage-partners
//	a text of 100,000 characters, an empty one, a sticker, a poll, a video of 25 MB: report-bad-input, signup-bad-input
//	a button that somebody made up: report-bad-input, signup-bad-input, triage-strangers
//	a button pressed without the role for it: triage-strangers
//	a command that was passed on, or that an edit made: report-bad-input, signup-bad-input
//	a command without a face, or in the name of a channel: rooms-koppel, alert-refused
//	a code that nobody knows, or that was used: signup-bad-input, invite-bad-input
//	a street of another network in which one has a part: flows.TestAReportGoesOnInTheOtherNetwork
//	a sign of another network: flows.TestASignOfAnotherNetworkLeadsThere
//	a question to an applicant who would rather not say: signup-ask
//	an appeal by who was removed here and is a member elsewhere: flows.TestWhoWasRemovedAppealsFromAnotherNetwork
//	what comes to mind right after an emergency: danger-afterthought, danger-afterthought-others, danger-afterthought-album
//	what comes to mind right after any other report: report-afterthought
//	words that no button of a question says: report-told-beside
//	a picture in answer to a question, or added to a report: answer-picture, report-after-picture
//	a request to be let into a group by somebody who is in too many: flows.TestWhoIsInTooManyGroupsIsToldWhatToDo
//	an account that is no more: flows.TestWhoDeletedTheirAccountRestsAndTheCoordinatorsHearIt
//	a database that another program uses, a full disk: storage.TestADatabaseInUseIsNotShared, storage.TestAFullDiskLosesNothing
//	a database that is damaged, or newer than the program: buurtbot.TestEveryDatabaseThatCannotBeUsedHasARemedy
//	a wrong configuration, each mistake by itself: buurtbot.TestEveryMistakeHasItsTest
//	a language that nobody knows: report-strange-input, civic.TestLanguageOfATextIsToldOrSaidToBeUnknown
//	a picture that was passed on: report-passed-picture
//	twenty pictures at once: report-strange-input, bot.TestAlbumCountsAsOneMessage
//	a picture of forty megapixels: report-shot
//	a file that claims to be a picture: report-shot
//	a pin at 0,0: report-strange-input
//	two landmarks of one name: flows.TestOfTwoLandmarksOfOneNameItIsAskedWhich, buurtbot.TestLandmarksAreImportedOnce
//	a landmark outside the network, or a point without a name: buurtbot.TestLandmarksAreImportedOnce
//	a landmark that nobody knows: places-landmark
//	a place that moves: telegram.TestWhatIsNothingForUsIsEmpty
//	a plate of forty characters: report-strange-input, civic.TestPartOfAPlateIsTaken
//	a report of one letter a message: report-letters
//	the place that a picture tells of: report-shot, flows.TestPlaceOfAPictureIsKeptNowhere
//	a mail of thirty megabytes: mail.TestThirtyMegabytesAreNotStored
//	a mail whose sender is forged: mail.TestOnlyTheServerThatIsTrustedSaysWhoIsGenuine, flows.TestNoCodeButItsOwnDoesAnything
//	an answering machine: mail.TestOutOfOfficeIsNotStored, flows.TestAnAnsweringMachineIsNotAnsweredForLong
//	a mail of HTML alone: mail.TestWhatIsNoPlainTextIsRead
//	a mail without a code: mail-words, mail.TestMailWithoutARightCodeIsNobodys
//	a mail server that greylists: storage.TestWhatAChatPutsOffIsNotLate, buurtbot.TestAPlatformThatPutsOffEverythingIsMute
//	a mail server that is down for a day: flows.TestAMailServerThatIsDownForADayLosesNothing
//	an Open311 server that is down for a day: flows.TestAServerOfAMunicipalityThatIsDownForADayLosesNothing
//	one that answers garbage: open311.TestServerThatIsAwayOrRavesGetsNothingAndLosesNothing
//	one that says 500 after it took a request: open311.TestWhatTheServerTookIsNotPostedAgain
//	one that has no service for it: flows.TestWhatTheServerHasNoServiceForIsToldToTheCoordinators
//	a thousand reports in a minute: triage-rush, buurtbot.TestReportsComeInARush
//
// Each move of the table of domain §5.4, and a transcript in which it is made; a test plays them and holds it to be so:
//
//	received → in_triage            triage-take
//	received → duplicate            triage-moves
//	received → withdrawn            S08-second-thoughts
//	in_triage → info_requested      triage-ask
//	in_triage → forwarded           triage-moves
//	in_triage → planned             triage-moves
//	in_triage → snoozed             triage-later
//	in_triage → resolved            triage-answer
//	in_triage → closed              triage-pinned
//	in_triage → duplicate           triage-merge
//	in_triage → withdrawn           triage-note
//	info_requested → info_received  triage-ask
//	info_requested → in_triage      triage-ask
//	info_requested → withdrawn      triage-withdrawn
//	info_received → in_triage       triage-ask
//	info_received → withdrawn       withdraw-open
//	forwarded → accepted            triage-moves
//	forwarded → in_triage           triage-police
//	forwarded → resolved            report-about-coordinator
//	forwarded → closed              triage-moves
//	accepted → planned              triage-moves
//	accepted → resolved             report-about-coordinator
//	accepted → closed               triage-recall
//	accepted → in_triage            triage-answer
//	planned → accepted              triage-answer
//	planned → resolved              mail-handover
//	planned → closed                triage-moves
//	snoozed → in_triage             triage-later
//	snoozed → withdrawn             withdraw-open
//	resolved → reopen_requested     triage-answer
//	closed → reopen_requested       triage-moves
//	reopen_requested → reopened     triage-answer
//	reopen_requested → resolved     triage-close-reopen
//	reopen_requested → closed       triage-moves
//	reopened → in_triage            triage-answer
//	reopened → forwarded            report-about-coordinator
//	duplicate → in_triage           triage-merge
package flows
