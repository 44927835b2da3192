// Package matrix is the adapter to Matrix, for one account of the bot on one homeserver.
//
// What the server sends is stored as it reads after decryption, in an envelope of ours that says what only the room's
// state can tell (whether the bot is alone with one person, the room's name, the person's name), so that Decode needs
// nothing but the bytes. The place in the server's stream is stored with the events in one transaction; the library's
// own loop stores it before it handles them, and a crash in between loses them, so the loop is ours.
//
// Deliveries are effectively once: every event carries the letter's number, as transaction id and in its content, and a
// letter that was tried before is looked for in the room before it is sent again. Transaction ids alone are not enough,
// because servers forget them.
//
// Room state is a cache in memory. It is read when a room is first needed, kept up to date from the stream, and read
// again after a restart. A cleared cache costs a request; a stored one that is wrong would send plain text into an
// encrypted room.
//
// Bad input, and the tests that show how it ends:
//
//	a wrong password                             TestWrongPasswordIsSaidPlainly, TestWrongPasswordIsNotTriedAgainAtOnce
//	a token that is revoked, softly              TestSoftLogoutKeepsTheDevice, TestRealSoftLogoutKeepsTheDeviceAndItsKeys
//	a token that is revoked, hard                TestHardLogoutWithoutAPasswordStopsMatrixPlainly, TestRealRevokedLoginGoesOn
//	the homeserver is down at the start          TestServerThatIsDownAtStartIsWaitedFor
//	the homeserver is down for an hour           TestHomeserverThatIsDownForAnHourGetsEverythingAfterwardsOnce
//	the homeserver is there again after an hour  TestLoopOutlivesAnHourWithoutAHomeserver
//	the homeserver lost our place in its stream  TestLostPlaceInTheStreamCostsNothingAndRepeatsNothing
//	more was said than a poll reads              TestGapLargerThanAPollIsReadOnInItsOrder, TestRealLargeGapIsReadOnInItsOrder
//	a gap that the server does not give now      TestGapThatCannotBeReadNowStaysOpenAndOthersAreHeard
//	a wrong pickle key                           TestRealWrongPickleKeySpoilsNothing
//	a full disk under the keys                   TestTroubleOfOurOwnIsWaitedOut
//	a question after devices that hangs          TestRealLetterSurvivesAHangingQuestionAfterDevices
//	a room that the bot may not write to         TestRoomThatTheBotMayNotWriteToIsWaitedFor
//	a hundred invitations                        TestInvitationStormIsDeclined, TestInvitationStormAtAPollEachIsDeclined
//	an encrypted room, and no keys               TestEncryptedRoomIsDeclinedWithoutKeys
//	a room that is upgraded                      TestUpgradedRoomIsToldAndNotEntered, TestRealUpgradeIsFollowedWhenTheBotIsTold
//	a room that names a stranger as its successor  TestSuccessorIsFollowedOnlyWhenBothRoomsSaySo
//	an oversized event                           TestOversizedEventIsRefusedAndSpoilsNoOther, TestHugeTextIsCut
//	an oversized file                            TestFileIsFetchedUpToTheLimit, TestFileThatIsTooLargeForTheServerEndsItsLetter
//	HTML and Markdown in names                   TestMarkupInANameStaysText, TestNameIsTextAndHasAnEnd
//	HTML and Markdown in texts                   TestMarkupBecomesMatrixs
//	a pasted link that must mention nobody       TestMarkupBecomesMatrixs
//	another bot that answers every message       TestNoticesOfOtherBotsAreNeverAnswered, TestBotThatAnswersEverythingIsLeftAlone
package matrix
