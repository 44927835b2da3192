// Package flows is what the bot does: signing up, reporting, triage, alerts.
//
// Rules of the package. A flow is a form, a card with its actions, or a command, declared as data; it holds no text (those
// are in locales), no platform, no SQL and no permission check. Who may do a thing is named in Needs and asked by the
// engine. What is told to people goes through the turn, so it is committed with what it tells of.
//
// Nobody but the bot knows who reported: what goes to a room is made from types that have no reporter in them, or by
// functions that name the reporter by number within the case ("reporter 1").
//
// What is wrong with an alert, and the test that plays it (issue 7; edge cases of stories.md):
//
//	wrong room, former officer, forwarded, edited, anonymous  alert-refused.txtar (edge cases 1 to 3)
//	empty                                                     alert-empty.txtar
//	too long, an end in the past, no such street              alert-bad-input.txtar
//	for two networks                                          TestAnOfficerOfTwoNetworksWorksInOneAtATime
//	two officers, one case                                    alert-two-officers.txtar (edge case 6)
//	twice in a second                                         every transcript, with each update repeated
//	the network is down in the middle                         TestHomeserverThatIsDownForAnHour...
//	the network fails, or slows us down                       cmd/buurtbot TestAlertReaches500... (edge case 8)
//	a crash after 130 of 200                                  civic TestCrashInTheMiddleLeavesTheRest (edge case 7)
//	removed from groups, blocked by members                   alert-retry.txtar, alert-skips.txtar (10, 11)
//	a group that moved                                        bot/telegram TestGroupThatMovedIsFollowed (9)
//	the clock moved                                           TestAPlannedHourSurvives..., TestSimulation
//	a text left over from a test                              civic TestATextLeftOver... (edge case 28)
//
// Why transcripts are the tests: a conversation is right when it reads right. The files in testdata are both the script
// and the expectation, and each is played plainly, restarted before every line, with every update twice, crashed
// between commit and delivery, and through a Bot API emulator.
//
// What people send without meaning harm, by its number in the acceptance stories where it has one, and the transcripts
// and tests in which it gets its kind answer:
//
//	4 a card that is passed on: flows.TestACardThatIsPassedOnNamesNoReporter, triage-strangers
//	5 a button on a case that was closed three weeks ago: triage-strangers
//	12 a message that is changed after it was sent: report-edges
//	13 4,096 characters and more, markup, right to left, marks of no width, emoji only: report-bad-input, report-edges
//	14 a voice message only: report-bad-input
//	17 the wish to be erased while a case is with the police: own-erase
//	18 somebody asks whether they are in it: report-edges
//	19 a hint of violence at home: report-help-lines, report-minor-danger
//	20 a hint of suicide: report-help-lines
//	21 a report about a police officer: report-about-coordinator
//	22 all coordinators of a street group are away: cover, triage-timers-nobody
//	24 the same as what was taken back: report-same
//	25 a number so small that it tells who: flows.TestNobodyWithoutARoleReadsHowManyReportsThereAre, triage-answer
//	29 a partner gives the same case back again: triage-partners
//	a language that nobody knows: report-strange-input, civic.TestLanguageOfATextIsToldOrSaidToBeUnknown
//	twenty pictures at once: report-strange-input, bot.TestAlbumCountsAsOneMessage
//	a picture of forty megapixels: report-shot
//	a file that claims to be a picture: report-shot
//	a pin at 0,0: report-strange-input
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
//	a thousand reports in a minute: triage-rush, buurtbot.TestAThousandReportsInAMinute
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
//	resolved → reopen_requested     triage-answer
//	closed → reopen_requested       triage-moves
//	reopen_requested → reopened     triage-answer
//	reopen_requested → resolved     triage-close-reopen
//	reopen_requested → closed       triage-moves
//	reopened → in_triage            triage-answer
//	reopened → forwarded            report-about-coordinator
//	duplicate → in_triage           triage-merge
package flows
