// Command buurtbot runs a neighbourhood information network on Telegram, and in a sandbox in the browser.
//
// The package is the only place that knows everything: it reads the configuration, opens the database, builds the
// platforms and the engine, and starts the loops. It decides nothing about conversations. Exit codes are a contract
// with operators: 0 fine, 1 failed, 2 wrong use, 78 bad configuration or database.
//
// # What can fail
//
// The catalogue of failures that the whole program is held against, with the tests that show what happens then: row, what
// fails, tests by their package. A row that does not apply, or that is kept by something other than a test, says why; one
// that is open is not handled yet. Words between brackets are the transcript, or the part of a test.
//
//	A1 crash after an answer, before it is stored: telegram.TestNothingIsLostBetweenAnswerAndCommit
//	A2 crash after it was stored, before the next poll: telegram.TestRepeatedUpdateIsStoredOnce,
//	  storage.TestAnUpdateIsTakenInOnce
//	A3 crash in a turn: storage.TestACrashTakesAWholeBatchOrNothing, main.TestKill
//	A4 crash after a turn: storage.TestACrashTakesAWholeBatchOrNothing, flows.TestTranscripts
//	A5 a library confirms too early: main.TestNobodyConfirmsBeforeItIsStored
//	A6 Matrix: token before events: matrix.TestNothingIsLostWhenStoringFails,
//	  matrix.TestRealKilledBotAnswersEveryMessageOnce, main.TestRealProgramIsKilledOnBothPlatforms
//	A7 the inbox cannot be written: storage.TestAFullDiskLosesNothing, telegram.TestNextPollConfirmsOnlyWhatWasStored
//	A8 numbers of updates start again: telegram.TestIDsThatStartAgainAreFollowed
//	A9 another update under an old number: telegram.TestSameIDWithOtherBytesIsAnotherUpdate,
//	  storage.TestRepeatsAreDroppedFor72Hours
//	A10 down, or deaf, for over a day: main.TestWhatMayBeLostIsTold, main.TestAGapOfARunningProgramIsTold
//	A11 presses lost in an outage: telegram.TestPressesThatDiedInAnOutageAreNotMissed, main.TestPressesThatWentNowhereAreTold,
//	  flows.TestTranscripts (rooms-away)
//	A12 a gap in a Matrix timeline: matrix.TestGapIsFilledInOrder, matrix.TestGapBeginsBehindWhatWasHeardLast,
//	  matrix.TestGapLargerThanAPollIsReadOnInItsOrder
//	A13 the place in Matrix's stream is lost: matrix.TestFirstSyncExecutesNothingOld
//	A14 an update of an unknown form: main.TestOperatorsHearThatSomethingLiesAside,
//	  telegram.TestUpdateOfWrongFormIsStoredWithItsNeighbours,
//	  telegram.TestOddUpdatesAreStoredAndTheirNeighboursHeard
//	A15 an update that kills each time: bot.TestUpdateThatKillsTheProcessIsSetAside, bot.TestUpdateOutlivesHail,
//	  bot.TestUpdateThatAlwaysPanicsIsParked
//	A16 an event that breaks a listener: matrix.TestStrangeEventSpoilsNoOther
//	A17 a message without a key: bot.TestUnreadableMessageIsAskedForAgain, matrix.TestRealMessageWithoutAKeyIsReadLater
//	A18 an album split by a crash: flows.TestTranscripts (S05-only-photos, crashed)
//	A19 a message is edited afterwards: telegram.TestRecordedUpdatesAreDecoded, matrix.TestRecordedEventsAreDecoded
//	A20 a message is taken back: flows.TestReportOfWhichTheMessageIsTakenBackIsWithdrawn,
//	  flows.TestPictureThatIsTakenBackGoesAlone
//	A21 two updates of one person at once: storage.TestUpdatesAreAppliedFromFirstToLast
//	A22 much waits at Telegram: main.TestOperatorsHearThatMuchWaitsAtAPlatform
//	B1 crash after a claim, before the call: storage.TestLettersOnTheirWayAreRecoveredByLane
//	B2 crash after the call, before it is noted: bot.TestAnswerUnderwayGoesAgainWhereItIsRecognised,
//	  matrix.TestUncertainLetterIsFoundAgain, flows.TestSimulation
//	B3 429: telegram.TestThrottledChatIsLeftAloneAndOthersAreNot, bot.TestSilenceOutlivesARestart
//	B4 a 429 that a crash hid: storage.TestLettersOnTheirWayAreRecoveredByLane, flows.TestSimulation (P5)
//	B5 5xx and HTML: telegram.TestTransportFaultsOnARealSocket, telegram.TestEveryRefusalHasItsRemedy
//	B6 cut after it was taken: telegram.TestAnswerIsLostOnASocketToo,
//	  telegram.TestAnswerThatIsLostLeavesTheLetterUncertain
//	B7 half an answer: telegram.TestTransportFaultsOnARealSocket
//	B8 never left: telegram.TestDeadPortIsDefinite, telegram.TestOnlyWhatNeverLeftIsSentAgainWithoutDoubt
//	B9 no answer at all: telegram.TestEveryCallHasItsDeadline, telegram.TestSilentServerLeavesTheLetterUncertain
//	B10 a token is revoked: flows.TestSimulation, matrix.TestRevokedTokenIsToldOnce, matrix.TestRealRevokedLoginGoesOn,
//	  flows.TestAdministratorHearsOfANetworkThatRefusesTheBotOnceADay
//	B11 blocked, kicked, gone: telegram.TestEveryClosedDoorHasItsRemedy, telegram.TestBlockingAndTakingBackAreHeard,
//	  storage.TestLettersToAChatThatIsClosedAreDead, storage.TestALetterOnItsWayToAChatThatClosesIsNotTriedAgain,
//	  flows.TestWhoDeletedTheirAccountRestsAndTheCoordinatorsHearIt
//	B12 a group moves: flows.TestSimulation, telegram.TestGroupThatMovedIsFollowed,
//	  storage.TestAChatThatMovesTakesEverythingAlong
//	B13 markup is refused: telegram.TestBrokenMarkupIsSentPlainOnce
//	B14 too long: telegram.TestEveryTextIsTakenWhateverItsLength, matrix.TestHugeTextIsCut
//	B15 no right, no topic, no chat: telegram.TestEveryClosedDoorHasItsRemedy,
//	  flows.TestWithoutTheRightTheCoordinatorsAreToldOnce, flows.TestAnAlertThatWaitsForARightGoesWhenItIsGiven
//	B16 not modified, nothing to edit, query too old: telegram.TestIdenticalEditIsAsGoodAsDone,
//	  telegram.TestCardThatIsGoneIsPostedAnew
//	B17 a broadcast in part: flows.TestTranscripts (alert-retry)
//	B18 all-clear while the alert goes out: civic.TestAllClearGoesToExactlyTheAlarmed,
//	  storage.TestALetterCalledBackOnItsWayIsNotTriedAgain, flows.TestSimulation
//	B19 correction while the alert goes out: storage.TestACorrectionTakesThePlaceOfWhatWasCalledBack,
//	  civic.TestEachCorrectionIsToldOnce
//	B20 a platform is away for days: flows.TestAReportIsNotLostInThreeDaysOfSilence,
//	  flows.TestWhatIsTakenBackInThreeDaysOfSilenceGoes; the alert is hours old:
//	  bot.TestAnAlarmIsNotSentAfterItsEnd, storage.TestALetterThatIsTooOldMayNotGo,
//	  flows.TestTranscripts (alert-expiry)
//	B21 an emergency behind digests: storage.TestLettersGoByLaneAndInOrderWithinAChat
//	B22 one sick chat: storage.TestChatsAndPlatformsAreLeftAloneAsLongAsTheyAsked,
//	  storage.TestWhatIsUrgentOvertakesWhatIsTriedAgain
//	B23 a slow homeserver: matrix.TestLimitOfTheServerHoldsForTheAccount,
//	  matrix.TestOperatorHearsHowLongAnAlertTakesAndWhatToDo
//	B24 Matrix: again after a day: matrix.TestUncertainLetterIsFoundAgain,
//	  matrix.TestRealUncertainLetterIsFoundInAnEncryptedRoom
//	B25 a room is upgraded: matrix.TestUpgradedRoomIsToldAndNotEntered,
//	  flows.TestUpgradedRoomIsFollowedWithTheCoordinatorsWord
//	B26 everything is due at once: main.TestAlertReaches300GroupsIn20Seconds, botapi.TestThirtyWritesASecondOverall
//	B27 two operators try a letter again: storage.TestDeadLetterIsTriedAgainOrGivenUp
//	B28 one street on two platforms: civic.TestNoChatIsToldTwice, civic.TestPersonWithTwoWaysIsToldOnce
//	B29 a group's twenty writes a minute: botapi.TestGroupBearsTwentyWritesAMinute,
//	  storage.TestALetterOfACardReplacesTheOneThatWaits, storage.TestACardShowsItsLastChangeHoweverManyWait,
//	  main.TestAlertReaches300GroupsIn20Seconds
//	B30 stopped in a broadcast: main.TestKill, flows.TestSimulation
//	C1 database is locked: storage.TestCallsThatWaitTogetherShareACommit, storage.TestReadersSeeOneMomentWhileOthersWrite
//	C2 disk full: storage.TestAFullDiskLosesNothing, main.TestOperatorsHearThatTheDiskFillsUp,
//	  main.TestTheReserveCarriesOnOverAFullDisk, main.TestAStartOnAFullDiskUsesTheReserve, flows.TestSimulation
//	C3 read-only, or input and output fail: storage.TestAPlaceThatMayNotBeWrittenIsNamed,
//	  storage.TestAVoidBatchIsDoneAgainOneByOne, main.TestADiskThatTakesNothingForAMinuteEndsTheProgram
//	C4 damaged at the start: storage.TestADamagedFileIsRefusedAndLeftAlone,
//	  main.TestEveryDatabaseThatCannotBeUsedHasARemedy
//	C5 one bit in a text: storage.TestAChangedTrailIsFound, storage.TestAMarkShowsThatEntriesWereTakenAway,
//	  storage.TestACellInAnotherPlaceIsNoticed,
//	  storage.TestAStartLooksAtTheNewestEntries, storage.TestATornRowHoldsUpNoOther, bot.TestADamagedRowHoldsUpNobody
//	C6 power cut: storage.TestPowerCut, storage.TestPowerCutFindsMissingSync
//	C7 the log grows: storage.TestTheLogIsWrittenIntoTheFile, main.TestMonitorReadsFigures,
//	  main.TestOperatorsHearThatTheLogGrows; a reader has no limit of time: none serves a person, commands and audits alone read
//	C8 a backup while others write: storage.TestACopyMadeWhileOthersWriteIsWhole, storage.TestPowerCut (backup)
//	C9 the file is copied without its log: storage.TestAFileThatWasCopiedWithoutItsLogIsRefused,
//	  main.TestCheckTellsTheRemedyOfADatabase; one that is whole and old is told in the log (storage.LogGone)
//	C10 yesterday's backup is put back: flows.TestSimulation, storage.TestLettersOfACopyAreHeld,
//	  storage.TestAnOperatorDecidesAboutLettersOfACopy, storage.TestLettersAfterARestoreHaveNumbersOfTheirOwn,
//	  flows.TestAnAdministratorDecidesAboutWhatWaitedInACopy, main.TestWhatMayBeLostIsTold,
//	  storage.TestPowerCut (restore), storage.TestARestoreThatIsKilledNeverLeavesAnEmptyBot,
//	  storage.TestALogThatStayedIsNotPlayedIntoTheCopy,
//	  main.TestJobsFromBeforeARestoreAreNotDoneAgain, flows.TestTranscripts (alert-planned-restored)
//	C11 killed in a migration: storage.TestPowerCut (migrate), storage.TestAMigrationTakesACopyFirst,
//	  storage.TestARowThatRefersToNothingIsNotForgotten
//	C12 an older program on a newer schema: storage.TestANewerSchemaIsNotTouched
//	C13 a network disk: storage.TestADatabaseOnANetworkDiskIsRefused
//	C14 files that others may read: storage.TestNobodyElseMayReadTheFiles
//	C15 the file is replaced: storage.TestAFileThatIsDeletedOrReplacedIsNoticed,
//	  main.TestAProgramWhoseDatabaseIsGoneEnds
//	C16 an old SQLite, another libc: storage.TestTheLibraryIsTheOneThatWasTriedOut, storage.TestTheLibraryIsRecentEnough
//	C17 backups stop: main.TestMonitorReadsFigures, main.TestOperatorsHearThatNoCopyIsMade, main.TestARestoreIsRehearsed,
//	  main.TestWorkThatWasMissedOrFailedIsDoneLater
//	C18 foreign keys are off: storage.TestForeignKeysHold
//	D1 the clock jumps ahead: flows.TestSimulation (P19), bot.TestJobsRunByTheClockOfTheirNetwork,
//	  main.TestNothingIsErasedByAClockThatIsWrong, telegram.TestClockOfTheServerIsHeard, matrix.TestClockOfTheServerIsHeard
//	D2 the clock jumps back: storage.TestASlotIsTakenOnce, storage.TestNothingWaitsForAClockThatWasWrong,
//	  storage.TestTimersOfAWrongClockCountTheirStretchAnew,
//	  flows.TestSimulation
//	D3 an hour that does not exist: bot.TestASlotOfAnHourThatIsMissingOrComesTwiceRunsOnce,
//	  flows.TestAPlannedHourSurvivesTheChangeOfClocks
//	D4 an hour that comes twice: bot.TestASlotOfAnHourThatIsMissingOrComesTwiceRunsOnce
//	D5 missed while down: bot.TestASlotOfAnHourThatIsMissingOrComesTwiceRunsOnce, storage.TestASlotIsTakenOnce
//	D6 a schedule that is none: main.TestEveryMistakeIsNamedWithItsLine
//	D7 runs that overlap: storage.TestASlotIsTakenOnce
//	D8 no zones on the machine: main.TestEveryZoneIsBuiltIn
//	D9 windows across clock steps: flows.TestSimulation
//	E1 two coordinators at once: flows.TestOfTwoPressesInOneInstantOneTakesTheCase, storage.TestCasesKeepTheirVersion
//	E2 the same press twice: flows.TestTranscripts (repeated)
//	E3 a button of an older card: storage.TestAPressIsTracedToWhatWasShown, bot.TestNumberOnAnEditedCardIsConfirmed
//	E4 a role ends in a conversation: flows.TestSimulation (P20), bot.TestWhatIsForARoleIsNotReadOnceItIsOver,
//	  flows.TestAListOfTipsIsClosedWhenTheRoleOfItsReaderIsOver, flows.TestTranscripts (roles-end-case), (roles-end-leak),
//	  (roles-end-lookup), (roles-end-waits), (roles-inviter), and
//	  (roles-end-alert)
//	E5 a role of another street: flows.TestPermissions
//	E6 forged presses: storage.TestForgedTokensPressNothing, telegram.TestForgedPressesAreDecoded
//	E7 forged links: flows.TestInviteRefusesWhatCannotBe, storage.TestInvitationsAreUsedOnce
//	E8 codes are guessed: storage.TestRandomCodesOpenNothing, storage.TestWrongCodesAreCountedForAWhile
//	E9 two people, one invitation: flows.TestInviteIsUsedOnceAndInTime
//	E10 a name like the police's: civic.TestANameLikeThatOfAnOfficeIsSeen, flows.TestTranscripts (signup-official)
//	E11 anonymous administrators, channels: telegram.TestMaskedAuthorsHaveNoName
//	E12 forwards of a channel, other bots: telegram.TestMaskedAuthorsHaveNoName, telegram.TestRecordedUpdatesAreDecoded,
//	  matrix.TestNoticesOfOtherBotsAreNeverAnswered
//	E13 a forwarded command: telegram.TestWhatOnlyLooksLikeACommandIsText
//	E14 a command in the wrong room: flows.TestPermissions, flows.TestTranscripts (alert-bad-input)
//	E15 a group is taken over: flows.TestTranscripts (rooms-watch),
//	  telegram.TestInspectionTellsThatAGroupIsCalledAsThePoliceAre; alerts go on, what is grave is told (flows.watched)
//	E16 the bot is put in an unknown group: flows.TestTranscripts (rooms-strange), telegram.TestTheBotLeavesAChat
//	E17 a group becomes public: flows.TestTranscripts (rooms-watch),
//	  telegram.TestInspectionTellsWhatIsWrongWithAGroup, matrix.TestInspectionTellsWhatIsWrongWithARoom
//	E18 one human with two accounts approves: storage.TestLinkedAccountsAreOnePerson
//	E19 what was approved changes: flows.TestTranscripts (alert-second-changes)
//	E20 alone in an emergency: flows.TestTranscripts (alert-second-alone)
//	E21 a coordinator's account is stolen: flows.TestTranscripts (roles-end), (roles-admin), and (roles-confirm): a second
//	  person confirms who is new, which takes the place of a pause before the first alert
//	E22 the last administrator leaves: flows.TestTranscripts (roles-end)
//	E23 Matrix: odd senders: matrix.TestNoticesOfOtherBotsAreNeverAnswered, matrix.TestRecordedEventsAreDecoded
//	E24 bots that answer each other: flows.TestBotThatAnswersEverythingIsLeftAlone
//	E25 two programs on one machine: main.TestTwoProgramsDoNotShareADatabase
//	E26 two programs on two machines: telegram.TestTwoInstancesDoNotSpin, main.TestOperatorsHearOfASecondProgram,
//	  bot.TestAnswersWaitWhileAnotherProgramListens
//	F1 markup in what people write: telegram.TestWhateverPeopleWriteIsShownAsTheyWroteIt,
//	  matrix.TestMarkupInANameStaysText
//	F2 markup in attributes: telegram.TestWhateverPeopleWriteIsShownAsTheyWroteIt
//	F3 direction is turned: civic.TestCleanKeepsWhatIsSeenAndDropsTheRest, civic.FuzzClean
//	F4 marks upon marks: civic.TestCleanKeepsWhatIsSeenAndDropsTheRest, civic.FuzzClean
//	F5 what cannot be seen: civic.TestBlankIsWhatCannotBeSeen
//	F6 very long: civic.TestCleanNeverCutsACharacterInTwo, civic.TestLongTextsAreReadInProportion
//	F7 bytes that are no text: civic.FuzzClean
//	F8 lines in the log: no test: the log is written by slog.TextHandler, which quotes what would break a line
//	F9 huge answers: telegram.TestAnswersAreLimited
//	F10 SQL in what people write: storage.TestEveryQueryIsUnderstood
//	F11 formulas in exports: main.TestExportOfAFreshBotAndOfAnUnknownNetwork; own data is told as text and JSON
//	F12 a pin that is nowhere: civic.TestPointsOffTheEarthAreNotValid, flows.TestTranscripts (report-bad-input)
//	F13 pictures that burst: bot.FuzzBare, flows.TestTranscripts (report-strange-input)
//	F14 links in a broadcast: no test: an alert goes out as the officer saw and confirmed it, without previews of links
//	F15 calls to everybody: matrix.TestEverybodyIsCalledOnlyWhereThatIsAllowed
//	F16 presses that are too long: telegram.TestForgedPressesAreDecoded
//	F17 names of files: no test: pictures go out under a name of ours, never the one of a file that came
//	F18 Matrix: odd events: matrix.FuzzDecode
//	F19 a command in foreign letters: telegram.TestWhatOnlyLooksLikeACommandIsText
//	G1 one person floods: bot.TestTheVerySameWordsOverAndOverAreThoseOfAMachine, flows.TestDangerIsHeardInAFlood,
//	  flows.TestSimulation (P18)
//	G2 many flood: flows.TestTranscripts (report-guest: who is no member files nothing; a member five an hour)
//	G3 every message asks for an answer: bot.TestTheVerySameWordsOverAndOverAreThoseOfAMachine
//	G4 many tell of the same: flows.TestTranscripts (triage-merge)
//	G5 memory grows: main.TestNothingGrows, civic.TestAMemoOfMuchThatWasFoundDoesNotGrow
//	G6 goroutines are left: main.TestNothingGrows, telegram.TestUploadThatIsNotReadLeavesNoGoroutine, and in every package
//	  TestMain, among them main.TestMain
//	G7 ten thousand wait: main.BenchmarkBacklog
//	G8 a slow disk: storage.TestASlowDiskIsSharedAndSeen, main.TestOperatorsHearThatTheDiskIsSlow
//	H1 a reporter in a street group: flows.TestSimulation (P3); no names are looked for in what goes out: who may write there
//	  does not know who reported, and a refusal would tell them
//	H2 a forward shows its author: main.TestNobodyConfirmsBeforeItIsStored
//	H3 what stands in a picture: flows.TestPlaceOfAPictureIsKeptNowhere
//	H4 people in the log: flows.TestSimulation (its log is searched for the names)
//	H5 a token in an error: telegram.TestTokenIsNowhere, telegram.TestTokenIsInNoErrorOrLog,
//	  matrix.TestNoErrorShowsTheLogin
//	H6 a quote shows the reporter: no: nothing is quoted from one chat in another; a letter has no place for it
//	H7 a precise place in a group: flows.TestTranscripts (alert-from-case)
//	H8 the wrong group: flows.TestTranscripts (rooms-koppel), storage.TestNothingThatWaitedIsToldInAForgottenRoom
//	H9 erased, but in the file: storage.TestPruneLeavesNoWordOfAnybody, flows.TestWhatIsErasedIsInNoByte
//	H10 erased, but in a backup: storage.TestErasingALinkedPersonErasesBothInABackupFromBefore,
//	  main.TestErasuresOutliveTheDatabase, main.TestTheListOfErasuresIsNeverBehind,
//	  storage.TestErasuresAreFoundThoughTheClockWasSetBack, storage.TestWhatWasToldAfterAnErasureOutlivesEveryRestore,
//	  storage.TestWhatWasTakenBackOfAMergedCaseStaysAway, storage.TestTheLandmarkOfAReportIsErasedWithIt
//	H11 a purge meets an open case: storage.TestWhatWasKeptLongEnoughGoesAndNothingSooner
//	H12 erasure while a case is open: flows.TestTranscripts (own-erase), and (withdraw-waits),
//	  storage.TestWhatWasTakenBackIsNotToldByALetterThatWaits
//	H13 own data to somebody else: flows.TestTranscripts (own-data): in private, after one more tap, once a day; it is no file,
//	  and what is not delivered within ten minutes goes
//	H14 the trail and erasure: storage.TestWhatAPersonDidOutlivesTheirName
//	H15 dumps and files beside: no test: LimitCORE=0 and PrivateTmp in deploy/buurtbot.service, whose score .ci/run checks
//	H16 names in figures: main.TestMonitorReadsFigures
//	H17 later members read a room: matrix.TestInspectionTellsWhatIsWrongWithARoom
//	H18 letters kept for ever: storage.TestTracesOfTrafficGoInTime, storage.TestDeadLettersAreBlankedInTheEnd
//	I1 told to stop at any time: main.TestTheProgramShowsItsPageAndStopsWhenTold, main.TestTerm,
//	  main.TestWhatIsBeingSentDoesNotHoldUpTheEnd
//	I2 stuck: main.TestAStuckProgramFallsSilent, main.TestALoopThatIsStuckIsNoticed
//	I3 starts again and again: no test: RestartSec, StartLimitBurst and RestartPreventExitStatus in
//	  deploy/buurtbot.service
//	I4 nobody notices: main.TestMonitorReadsFigures, main.TestSomebodyElsewhereHearsThatAllIsWell
//	I5 a wrong configuration: main.TestAllMistakesAreToldAtOnce, main.TestEveryMistakeIsNamedWithItsLine
//	I6 a dependency turns bad: no test: versions are pinned in go.mod and go.sum; .ci/run asks govulncheck, and lists what is
//	  in the program (SBOM)
//	I7 back to the version before: storage.TestAMigrationTakesACopyFirst, storage.TestANewerSchemaIsNotTouched
//	I8 a secret is changed: main.TestAKeyCanBeChanged. Tokens and passwords are read at each start, which takes a second and
//	  loses nothing: main.TestTerm. They are not read anew on a signal while the program runs, on purpose: half of it would
//	  go on with the old secret for a while, a mistake in the configuration would meet a program that must not stop, and
//	  systemd hands a service its credentials at its start only
//	I9 test code in the program: main.TestTheProgramHasNoFailpoints
//
// # What a standard asks
//
// The OWASP Application Security Verification Standard 5.0.0, level 2, and of level 3 what concerns people's safety: number,
// what it comes to here, tests. A number without its last part is a whole section, one figure a whole chapter. Numbers that do
// not apply say why; those that are open say what is missing.
//
//	V1.1.1 read once: telegram.TestRecordedUpdatesAreDecoded, matrix.TestRecordedEventsAreDecoded
//	V1.1.2 escaped when it is shown, stored as it was said: telegram.TestWhateverPeopleWriteIsShownAsTheyWroteIt
//	V1.2.1 escaped for its place: sandbox.TestWhatPeopleWriteIsNoMarkup, matrix.TestMarkupInANameStaysText
//	V1.2.2 links are ours: sandbox.TestWhatPeopleWriteIsNoMarkup
//	V1.2.3 no script is made of words: sandbox.TestEveryAnswerIsGuarded
//	V1.2.4 queries are constants with arguments: storage.TestEveryQueryIsUnderstood
//	V1.2.5 no: the program starts no other
//	V1.2.6 V1.2.7 V1.2.8 no: there is no LDAP, XPath or LaTeX
//	V1.2.9 V1.3.12 no: no pattern is made of what people say, and Go's patterns take linear time
//	V1.3.1 sandbox.TestRenderKeepsFourTags
//	V1.3.2 V1.3.7 V1.3.8 V1.3.9 no: nothing is evaluated, no template comes from outside, there is no JNDI and no memcache
//	V1.3.3 what is dangerous goes, what is long is cut: civic.TestCleanKeepsWhatIsSeenAndDropsTheRest, civic.FuzzClean
//	V1.3.4 pictures are JPEG and PNG, drawn anew: bot.FuzzBare
//	V1.3.5 a few tags of ours, no markup of others: sandbox.TestRenderKeepsFourTags
//	V1.3.6 no address comes from people, and redirects are not followed: telegram.TestRedirectsAreNotFollowed
//	V1.3.10 no: no format comes from outside; go vet looks at each
//	V1.3.11 headers of mail hold what is ours, written by a library: mail.TestAHandOverIsAMailThatCanBeAnswered
//	V1.4.1 V1.4.2 V1.4.3 Go checks bounds; the conversions are looked at by gosec; what is left over: main.TestNothingGrows
//	V1.5.1 no: there is no XML
//	V1.5.2 JSON into types of ours: telegram.FuzzDecode, matrix.FuzzDecode, main.FuzzLoadConfig
//	V2.1.1 V2.1.2 V2.1.3 rules and limits stand where they bind, in the package comments; each is played: flows.TestTranscripts
//	V2.2.1 V2.2.3 every kind of bad input: flows.TestTranscripts (report-bad-input), flows.TestEveryEdgeCaseIsPlayed
//	V2.2.2 nobody's client decides: storage.TestAPressIsTracedToWhatWasShown
//	V2.3.1 moves stay in their table: civic.TestMovesStayInTheTable, flows.TestEveryMoveOfTheTableHasATranscript
//	V2.3.2 codes an hour, people reached: flows.TestTranscripts (roles-door), civic.TestWideReachAndPlatesNeedASecondOfficer
//	V2.3.3 a turn is one transaction: storage.TestACrashTakesAWholeBatchOrNothing,
//	  storage.TestAnErrorOrPanicInABatchIsItsTurnsAlone
//	V2.3.4 one of two takes a case: flows.TestOfTwoPressesInOneInstantOneTakesTheCase
//	V2.3.5 a second officer: civic.TestWideReachAndPlatesNeedASecondOfficer, flows.TestSimulation (P11)
//	V2.4.1 floods and machines: bot.TestTheVerySameWordsOverAndOverAreThoseOfAMachine,
//	  flows.TestBotThatAnswersEverythingIsLeftAlone
//	V3 no: the only page is the sandbox, of a town that does not exist, for this machine: sandbox.TestThePageLetsNobodyElseIn
//	V4.1.1 sandbox.TestEveryAnswerIsGuarded
//	V4.1.2 no: nothing listens in public; the webhook stands behind a proxy that has the certificate
//	V4.1.3 V15.3.4 no: no header of a proxy is read
//	V4.2.1 V15.3.7 Go's server reads them; a delivery has one body and a limit:
//	  telegram.TestDeliveryCountsOnlyWithTheSecretAndOnlyOnce
//	V4.3 V4.4 no: there is no GraphQL and no WebSocket
//	V5.1.1 V5.2.1 V5.2.2 V5.2.6 kinds, bytes and pixels, looked at before a picture is unpacked: bot.FuzzBare,
//	  flows.TestTranscripts (report-strange-input)
//	V5.2.3 no: no archive is opened
//	V5.3.1 V5.3.2 no: pictures are rows, under numbers of ours; no file is named by anybody outside
//	V5.4.1 V5.4.2 no: pictures go out under a name of ours
//	V5.4.3 open: pictures are drawn anew; what is spoken or filmed goes to police without what its file says of
//	  place and time, and nothing looks for viruses in it
//	V6.1.1 V6.3.1 V6.6.3 wrong codes are counted, and five lock the door: flows.TestTranscripts (roles-door),
//	  storage.TestWrongCodesAreCountedForAWhile
//	V6.1.2 V6.2 no: there are no passwords
//	V6.1.3 V6.3.3 V6.8.1 an account is known by platform and number alone: storage.TestAnAccountKeepsItsPerson,
//	  telegram.TestMaskedAuthorsHaveNoName
//	V6.3.2 no: who somebody is, is what the platform says; a role needs a second person (flows.TestTranscripts, roles-confirm)
//	V6.4.1 V6.5.1 a code is used once, in time: storage.TestInvitationsAreUsedOnce, flows.TestInviteIsUsedOnceAndInTime
//	V6.4.2 V6.4.3 V6.4.4 no: there is no secret to forget
//	V6.5.2 what is kept of a code takes a key that is not in the database: storage.TestWhatIsKeptOfACodeTakesTheKey
//	V6.5.5 no: a code invites, and proves nobody; who takes a role by it waits for a second person (flows.TestTranscripts,
//	  roles-confirm)
//	V6.5.3 V6.5.4 codes are random, of 40 bits: storage.TestRandomCodesOpenNothing
//	V6.6.1 V6.6.2 V6.8.2 V6.8.3 no: nothing is confirmed by telephone, and nobody sends assertions
//	V7.1 V7.3 V7.4 V7.5 V7.6 no: a session is the platform's
//	V7.2.1 V7.2.2 V7.2.3 V7.2.4 a press carries 128 random bits of what was shown: civic.TestTokenCarries128Bits,
//	  storage.TestForgedTokensPressNothing
//	V8.1.1 V8.2.1 who may do what is one table: flows.TestPermissions, flows.TestEverythingNeedsAPermission
//	V8.1.2 V8.2.3 fields by reader: flows.TestACardThatIsPassedOnNamesNoReporter, flows.TestNobodyLearnsOfACaseAboutThemselves
//	V8.2.2 on the thing, not on the command: civic.TestScopeOfAnAreaGoesFromItsNetworkDownToItself, flows.TestPermissions
//	V8.3.1 V8.3.2 asked in the transaction that has the effect: flows.TestSimulation (P2)
//	V8.4.1 networks: flows.TestNothingOfANetworkIsSeenOrDoneInAnother
//	V9 V10 no: no token speaks for itself, no OAuth
//	V11.1.1 V11.1.2 no test: the README lists what is used with which key, and how a key is changed
//	V11.2.1 V11.3.1 V11.3.2 V11.3.3 AES-256-GCM of Go's library: storage.TestACellInAnotherPlaceIsNoticed
//	V11.2.2 keys can be changed: main.TestAKeyCanBeChanged, storage.TestRowsOfBeforeAreSealedAtTheStartAndKeysCanBeChanged
//	V11.2.3 V11.4.1 V11.4.3 SHA-256, HMAC, 256-bit keys: storage.TestAChangedTrailIsFound
//	V11.4.2 no: no passwords
//	V11.5.1 128 bits of the system's chance: civic.TestTokenCarries128Bits; codes that people type are shorter (V6.5.2)
//	V11.6.1 backups for age: main.TestEncryptedBackupComesBack; goolm on Matrix has had no public audit, which the README says
//	V12.1.1 V12.1.2 V12.3.2 Go's TLS, 1.2 at least, and certificates are looked at: mail.TestAnUnknownCertificateIsNotSpokenTo
//	V12.1.3 V12.2 V12.3.3 V12.3.4 no: nothing listens in public, there are no services inside
//	V12.3.1 http is for a server on the same machine alone: main.TestEveryMistakeIsNamedWithItsLine
//	V13.1.1 platforms, mail and GeoReport are named in the configuration alone: main.TestTheShippedConfigurationIsFine
//	V13.2.1 open: the platforms know tokens and passwords that live until the operator changes them, and nothing shorter
//	V13.2.2 V13.2.3 each platform has its own account: matrix.TestTokenOfAnotherAccountIsRefused
//	V13.2.4 V13.2.5 addresses come from the configuration alone: telegram.TestRedirectsAreNotFollowed,
//	  main.TestEveryMistakeIsNamedWithItsLine
//	V13.3.1 V13.3.2 secrets come from files and the environment, and are in no output: telegram.TestTokenTypeHidesItself,
//	  telegram.TestTokenIsNowhere, matrix.TestNoErrorShowsTheLogin, main.TestADatabaseIsOpenedWithItsOwnKeyOnly
//	V13.4.1 V13.4.2 V15.2.3 the program is one file, without test code: main.TestTheProgramHasNoFailpoints
//	V13.4.3 V13.4.4 no: no folder is served; each address has its methods: sandbox.TestThePageLetsNobodyElseIn
//	V13.4.5 figures and health on loopback alone: main.TestEveryMistakeIsNamedWithItsLine
//	V14.1.1 V14.1.2 V14.2.4 of every table it is known what it tells and when it goes:
//	  storage.TestOfEveryTableItIsKnownHowItIsErased,
//	  storage.TestTheFilesAloneTellNothingOfAnybody
//	V14.2.1 open, and not ours to close: Telegram wants its token in the address; it is in no error and no log:
//	  telegram.TestTokenIsInNoErrorOrLog
//	V14.2.2 V14.3 no: nothing is cached outside the program; the sandbox holds nobody's data: sandbox.TestEveryAnswerIsGuarded
//	V14.2.3 no: nothing is sent to anybody but the platforms and partners that are configured
//	V14.2.7 what is old goes: storage.TestWhatWasKeptLongEnoughGoesAndNothingSooner, storage.TestPruneLeavesNoWordOfAnybody
//	V14.2.8 nothing of where a picture was made is kept: flows.TestPlaceOfAPictureIsKeptNowhere
//	V15.1.1 V15.2.1 no test: .ci/run looks for known holes where their database is reached; the README says when a remedy comes
//	V15.1.2 no test: go.mod and go.sum name each version and its sum; .ci/run lists what is in a build (SBOM)
//	V15.1.3 V15.2.2 dear work has limits: civic.TestLongTextsAreReadInProportion, storage.TestCostDoesNotGrow
//	V15.3.1 own data is whole and nobody else's: storage.TestOwnDataIsWholeAndNobodyElses
//	V15.3.2 redirects: telegram.TestRedirectsAreNotFollowed
//	V15.3.3 no: nothing of ours is filled with fields from outside; a form has its questions
//	V15.3.5 V15.3.6 no: types are Go's, and the sandbox's script takes no objects from outside
//	V15.4.1 V15.4.3 one writer, and .ci/run looks for races: storage.TestCallsThatWaitTogetherShareACommit
//	V15.4.2 looked at and done in one transaction: flows.TestOfTwoPressesInOneInstantOneTakesTheCase,
//	  storage.TestCasesKeepTheirVersion
//	V15.4.4 nobody starves: storage.TestLettersGoByLaneAndInOrderWithinAChat, main.TestUrgentAlertOvertakes2000Digests
//	V16.1.1 V16.2.3 no test: one log, on standard error, and the trail in the database; the README says for how long and whom
//	V16.2.1 V16.2.2 V16.2.4 V16.4.1 no test: each line is slog's: time with its zone, a name, and pairs that are quoted
//	V16.2.5 no names, no words, no tokens: flows.TestSimulation (P3), telegram.TestTokenIsInNoErrorOrLog
//	V16.3.1 V16.3.3 roles, alerts and cases stand in the trail: flows.TestSimulation (P8),
//	  storage.TestTheAuditTrailShowsWhatWasChanged
//	V16.3.2 refusals stand in the trail: flows.TestARefusalStandsInTheTrail
//	V16.3.4 operators hear of it: main.TestOperatorsHearThatAPlatformIsDeaf, main.TestOperatorsHearThatAPlatformIsMute
//	V16.4.2 a changed trail is found: storage.TestAChangedTrailIsFound, storage.TestATrailHoldsFromItsSealedAnchorOn
//	V16.4.3 the operators' room keeps marks of the trail: storage.TestAMarkShowsThatEntriesWereTakenAway,
//	  flows.TestOperatorsRoomGetsAMarkOfTheTrail
//	V16.5.1 an apology with a number, and no more: bot.TestUpdateThatAlwaysPanicsIsParked, flows.TestTranscripts
//	V16.5.2 what is down is waited for: matrix.TestOutageIsWaitedOutLongerEachTime, mail.TestAServerThatIsDownIsWaitedFor
//	V16.5.3 V16.5.4 a panic undoes its turn, and its neighbours go on: storage.TestAnErrorOrPanicInABatchIsItsTurnsAlone,
//	  bot.TestUpdateThatAlwaysPanicsIsParked
//	V17 no: no WebRTC
package main
