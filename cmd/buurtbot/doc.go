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
//	A10 down for over a day: main.TestWhatMayBeLostIsTold
//	A11 presses lost in an outage: telegram.TestPressesThatDiedInAnOutageAreNotMissed
//	A12 a gap in a Matrix timeline: matrix.TestGapIsFilledInOrder, matrix.TestRealGapIsFilled
//	A13 the place in Matrix's stream is lost: matrix.TestFirstSyncExecutesNothingOld
//	A14 an update of an unknown form: telegram.TestUpdateOfWrongFormIsStoredWithItsNeighbours,
//	  telegram.TestOddUpdatesAreStoredAndTheirNeighboursHeard
//	A15 an update that kills each time: bot.TestUpdateThatKillsTheProcessIsSetAside,
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
//	  storage.TestLettersToAChatThatIsClosedAreDead
//	B12 a group moves: flows.TestSimulation, telegram.TestGroupThatMovedIsFollowed,
//	  storage.TestAChatThatMovesTakesEverythingAlong
//	B13 markup is refused: telegram.TestBrokenMarkupIsSentPlainOnce
//	B14 too long: telegram.TestEveryTextIsTakenWhateverItsLength, matrix.TestHugeTextIsCut
//	B15 no right, no topic, no chat: telegram.TestEveryClosedDoorHasItsRemedy,
//	  flows.TestWithoutTheRightTheCoordinatorsAreToldOnce
//	B16 not modified, nothing to edit, query too old: telegram.TestIdenticalEditIsAsGoodAsDone,
//	  telegram.TestCardThatIsGoneIsPostedAnew
//	B17 a broadcast in part: flows.TestTranscripts (alert-retry)
//	B18 all-clear while the alert goes out: civic.TestAllClearGoesToExactlyTheAlarmed,
//	  storage.TestALetterCalledBackOnItsWayIsNotTriedAgain, flows.TestSimulation
//	B19 correction while the alert goes out: storage.TestACorrectionTakesThePlaceOfWhatWasCalledBack,
//	  civic.TestEachCorrectionIsToldOnce
//	B20 the alert is hours old: bot.TestAnAlarmIsNotSentAfterItsEnd, storage.TestALetterThatIsTooOldMayNotGo,
//	  flows.TestTranscripts (alert-expiry)
//	B21 an emergency behind digests: storage.TestLettersGoByLaneAndInOrderWithinAChat
//	B22 one sick chat: storage.TestChatsAndPlatformsAreLeftAloneAsLongAsTheyAsked
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
//	  storage.TestALetterOfACardReplacesTheOneThatWaits, main.TestAlertReaches300GroupsIn20Seconds
//	B30 stopped in a broadcast: main.TestKill, flows.TestSimulation
//	C1 database is locked: storage.TestCallsThatWaitTogetherShareACommit, storage.TestReadersSeeOneMomentWhileOthersWrite
//	C2 disk full: storage.TestAFullDiskLosesNothing, flows.TestSimulation
//	C3 read-only, or input and output fail: storage.TestAPlaceThatMayNotBeWrittenIsNamed,
//	  storage.TestAVoidBatchIsDoneAgainOneByOne
//	C4 damaged at the start: storage.TestADamagedFileIsRefusedAndLeftAlone,
//	  main.TestEveryDatabaseThatCannotBeUsedHasARemedy
//	C5 one bit in a text: storage.TestAChangedTrailIsFound, storage.TestACellInAnotherPlaceIsNoticed
//	C6 power cut: storage.TestPowerCut, storage.TestPowerCutFindsMissingSync
//	C7 the log grows: storage.TestTheLogIsWrittenIntoTheFile, main.TestMonitorReadsFigures
//	C8 a backup while others write: storage.TestACopyMadeWhileOthersWriteIsWhole, storage.TestPowerCut (backup)
//	C9 the file is copied without its log: no test: README names backup and restore as the only way
//	C10 yesterday's backup is put back: flows.TestSimulation, storage.TestLettersOfACopyAreHeld, main.TestWhatMayBeLostIsTold
//	C11 killed in a migration: storage.TestPowerCut (migrate), storage.TestAMigrationTakesACopyFirst
//	C12 an older program on a newer schema: storage.TestANewerSchemaIsNotTouched
//	C13 a network disk: storage.TestADatabaseOnANetworkDiskIsRefused
//	C14 files that others may read: storage.TestNobodyElseMayReadTheFiles
//	C15 the file is replaced: storage.TestAFileThatIsDeletedOrReplacedIsNoticed
//	C16 an old SQLite, another libc: storage.TestTheLibraryIsTheOneThatWasTriedOut, storage.TestTheLibraryIsRecentEnough
//	C17 backups stop: main.TestMonitorReadsFigures
//	C18 foreign keys are off: storage.TestForeignKeysHold
//	D1 the clock jumps ahead: flows.TestSimulation, bot.TestJobsRunByTheClockOfTheirNetwork
//	D2 the clock jumps back: storage.TestASlotIsTakenOnce, storage.TestNothingWaitsForAClockThatWasWrong,
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
//	E4 a role ends in a conversation: flows.TestSimulation
//	E5 a role of another street: flows.TestPermissions
//	E6 forged presses: storage.TestForgedTokensPressNothing, telegram.TestForgedPressesAreDecoded
//	E7 forged links: flows.TestInviteRefusesWhatCannotBe, storage.TestInvitationsAreUsedOnce
//	E8 codes are guessed: storage.TestRandomCodesOpenNothing, storage.TestWrongCodesAreCountedForAWhile
//	E9 two people, one invitation: flows.TestInviteIsUsedOnceAndInTime
//	E10 a name like the police's: civic.TestANameLikeThatOfAnOfficeIsSeen, flows.TestTranscripts (signup-official)
//	E11 anonymous administrators, channels: telegram.TestMaskedAuthorsHaveNoName
//	E12 forwards of a channel, other bots: telegram.TestMaskedAuthorsHaveNoName,
//	  matrix.TestNoticesOfOtherBotsAreNeverAnswered
//	E13 a forwarded command: telegram.TestWhatOnlyLooksLikeACommandIsText
//	E14 a command in the wrong room: flows.TestPermissions, flows.TestTranscripts (alert-bad-input)
//	E15 a group is taken over: flows.TestTranscripts (rooms-watch)
//	E16 the bot is put in an unknown group: flows.TestTranscripts (rooms-strange), telegram.TestTheBotLeavesAChat
//	E17 a group becomes public: flows.TestTranscripts (rooms-watch),
//	  telegram.TestInspectionTellsWhatIsWrongWithAGroup, matrix.TestInspectionTellsWhatIsWrongWithARoom
//	E18 one human with two accounts approves: storage.TestLinkedAccountsAreOnePerson
//	E19 what was approved changes: flows.TestTranscripts (alert-second-changes)
//	E20 alone in an emergency: flows.TestTranscripts (alert-second-alone)
//	E21 a coordinator's account is stolen: flows.TestTranscripts (roles-end), and (roles-confirm): a second person confirms who
//	  is new, which takes the place of a pause before the first alert
//	E22 the last administrator leaves: flows.TestTranscripts (roles-end)
//	E23 Matrix: odd senders: matrix.TestNoticesOfOtherBotsAreNeverAnswered, matrix.TestRecordedEventsAreDecoded
//	E24 bots that answer each other: flows.TestBotThatAnswersEverythingIsLeftAlone
//	E25 two programs on one machine: main.TestTwoProgramsDoNotShareADatabase
//	E26 two programs on two machines: telegram.TestTwoInstancesDoNotSpin
//	F1 markup in what people write: telegram.TestWhateverPeopleWriteIsShownAsTheyWroteIt,
//	  matrix.TestMarkupInANameStaysText
//	F2 markup in attributes: telegram.TestWhateverPeopleWriteIsShownAsTheyWroteIt
//	F3 direction is turned: civic.TestCleanKeepsWhatIsSeenAndDropsTheRest, civic.FuzzClean
//	F4 marks upon marks: civic.TestCleanKeepsWhatIsSeenAndDropsTheRest, civic.FuzzClean
//	F5 what cannot be seen: civic.TestBlankIsWhatCannotBeSeen
//	F6 very long: civic.TestCleanNeverCutsACharacterInTwo, civic.TestCleanOfAHugeTextIsQuick
//	F7 bytes that are no text: civic.FuzzClean
//	F8 lines in the log: no test: the log is written by slog.TextHandler, which quotes what would break a line
//	F9 huge answers: telegram.TestAnswersAreLimited
//	F10 SQL in what people write: storage.TestEveryQueryIsUnderstood
//	F11 formulas in exports: no: own data is told as text and JSON; there is no table to open in a spreadsheet
//	F12 a pin that is nowhere: civic.TestPointsOffTheEarthAreNotValid, flows.TestTranscripts (report-bad-input)
//	F13 pictures that burst: bot.FuzzBare, flows.TestTranscripts (report-strange-input)
//	F14 links in a broadcast: no test: an alert goes out as the officer saw and confirmed it, without previews of links
//	F15 calls to everybody: matrix.TestEverybodyIsCalledOnlyWhereThatIsAllowed
//	F16 presses that are too long: telegram.TestForgedPressesAreDecoded
//	F17 names of files: no test: pictures go out under a name of ours, never the one of a file that came
//	F18 Matrix: odd events: matrix.FuzzDecode
//	F19 a command in foreign letters: telegram.TestWhatOnlyLooksLikeACommandIsText
//	G1 one person floods: bot.TestTheVerySameWordsOverAndOverAreThoseOfAMachine
//	G2 many flood: flows.TestTranscripts (report-guest: who is no member files nothing; a member five an hour)
//	G3 every message asks for an answer: bot.TestTheVerySameWordsOverAndOverAreThoseOfAMachine
//	G4 many tell of the same: flows.TestTranscripts (triage-merge)
//	G5 memory grows: main.TestNothingGrows
//	G6 goroutines are left: main.TestNothingGrows, telegram.TestUploadThatIsNotReadLeavesNoGoroutine, telegram.TestMain,
//	  matrix.TestMain
//	G7 ten thousand wait: main.BenchmarkBacklog
//	G8 a slow disk: storage.TestCallsThatWaitTogetherShareACommit
//	H1 a reporter in a street group: flows.TestSimulation (P3)
//	H2 a forward shows its author: main.TestNobodyConfirmsBeforeItIsStored
//	H3 what stands in a picture: flows.TestPlaceOfAPictureIsKeptNowhere
//	H4 people in the log: flows.TestSimulation (its log is searched for the names)
//	H5 a token in an error: telegram.TestTokenIsNowhere, telegram.TestTokenIsInNoErrorOrLog,
//	  matrix.TestNoErrorShowsTheLogin
//	H6 a quote shows the reporter: no: nothing is quoted from one chat in another; a letter has no place for it
//	H7 a precise place in a group: flows.TestTranscripts (alert-from-case)
//	H8 the wrong group: flows.TestTranscripts (rooms-koppel)
//	H9 erased, but in the file: storage.TestPruneLeavesNoWordOfAnybody, flows.TestWhatIsErasedIsInNoByte
//	H10 erased, but in a backup: storage.TestErasingALinkedPersonErasesBothInABackupFromBefore,
//	  main.TestErasuresOutliveTheDatabase
//	H11 a purge meets an open case: storage.TestWhatWasKeptLongEnoughGoesAndNothingSooner
//	H12 erasure while a case is open: flows.TestTranscripts (own-erase)
//	H13 own data to somebody else: flows.TestTranscripts (own-data)
//	H14 the trail and erasure: storage.TestWhatAPersonDidOutlivesTheirName
//	H15 dumps and files beside: no test: LimitCORE=0 and PrivateTmp in deploy/buurtbot.service, whose score .ci/run checks
//	H16 names in figures: main.TestMonitorReadsFigures
//	H17 later members read a room: matrix.TestInspectionTellsWhatIsWrongWithARoom
//	H18 letters kept for ever: storage.TestTracesOfTrafficGoInTime, storage.TestDeadLettersAreBlankedInTheEnd
//	I1 told to stop at any time: main.TestTheProgramShowsItsPageAndStopsWhenTold
//	I2 stuck: main.TestAStuckProgramFallsSilent
//	I3 starts again and again: no test: RestartSec, StartLimitBurst and RestartPreventExitStatus in
//	  deploy/buurtbot.service
//	I4 nobody notices: main.TestMonitorReadsFigures
//	I5 a wrong configuration: main.TestAllMistakesAreToldAtOnce, main.TestEveryMistakeIsNamedWithItsLine
//	I6 a dependency turns bad: no test: versions are pinned in go.mod and go.sum, .ci/run asks govulncheck
//	I7 back to the version before: storage.TestAMigrationTakesACopyFirst, storage.TestANewerSchemaIsNotTouched
//	I8 a secret is changed: main.TestAKeyCanBeChanged
//	I9 test code in the program: main.TestTheProgramHasNoFailpoints
package main
