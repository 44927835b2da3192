// Package botapi is a strict Telegram Bot API server for tests: it refuses what Telegram refuses, in Telegram's words.
//
// Rules of the package. It knows nothing of the bot but what goes over the wire. Every limit, life time and date follows
// the clock it is given. It serves in the process as an [http.RoundTripper], without sockets, and on a socket as an
// [http.Handler]. Where Telegram's own limits are not published it takes the stricter guess, and says so at the constant.
// A test that asks for what cannot be, such as a press by somebody who is not there, panics or gets an error.
//
// Why an emulator and not recorded answers: what matters is what happens between the calls. An offset confirms updates, a
// poll ends an older one, a press lives for 150 s, a chat that was written to too fast closes for a while, and an answer
// can be lost after its effect.
//
// What it enforces, by the numbers of the behaviours a Telegram bot has to live with, and the tests that fail without it.
// Those marked * are of the adapter, in bot/telegram, and play it against this server.
//
//	 1, 2   confirming, batches        TestOffsetForgetsWhatIsBelowForEver, TestBatchesHaveAtMostHundredInOrder,
//	                                   TestNothingIsLostBetweenAnswerAndCommit*
//	 3, 4   long polls                 TestPollIsHeldUntilItsTimeOrAnUpdate, TestPollThatIsGivenUpLosesNothing,
//	                                   TestQuietBotPollsAtMostTwiceAMinute*, TestPollThatIsStoppedLosesNothing*
//	 5      two pollers                TestSecondPollEndsTheFirst, TestTwoInstancesDoNotSpin*
//	 6      webhook and polls          TestWebhookExcludesPolling, TestWebhookThatIsInTheWayGoesWithoutLoss*
//	 7–9    401, 502, silence          TestFaultHasItsEffectAndNoOther, TestWaitingFollowsTheTimers, TestServesOnASocket,
//	                                   TestPollSurvivesWhateverTheNetworkDoes*, TestTokenIsInNoErrorOrLog*
//	10      429 on a poll              TestCallToAClosedChatDoublesItsTime, TestThrottledPollIsNotRepeatedTooSoon*
//	11–13   odd and repeated updates   TestRawUpdatesKeepTheirBytes, TestOddUpdatesAreStoredAndTheirNeighboursHeard*,
//	                                   TestRepeatedUpdateIsStoredOnce*
//	14, 15  ids and offsets            TestOffsetFarAboveTheTailIsAnsweredFromTheHead, TestRepeatedOffsetIsBraked,
//	                                   TestIDsThatStartAgainAreFollowed*, TestForeignOffsetIsLeftBehind*
//	16      allowed_updates            TestOnlyAllowedUpdatesCome, TestEveryPollNamesTheUpdatesItWants*
//	18      life times                 TestUpdateExpires, TestPressesThatDiedInAnOutageAreNotMissed*
//	19      start while down           TestBotStartsWhileTelegramIsDown*
//	20      deliveries                 TestUpdatesAreDeliveredInOrderUntilTheyAreTaken, TestDeliveriesOfOneChatComeOneByOne,
//	                                   TestDeliveriesAreTakenOnceAndOnlyFromTelegram*
//	21, 22  forms of calls             TestKeyboardIsChecked, TestEveryFormOfCallIsTaken, TestUnknownMethodAndToken
//	23      a private chat             TestPrivateChatBearsOneASecondAfterABurst
//	24      a group                    TestGroupBearsTwentyWritesAMinute, TestEveryItemOfAnAlbumCounts,
//	                                   TestEveryWriteToAGroupCounts
//	25      all chats                  TestThirtyWritesASecondOverall
//	26, 27  closed chats               TestCallToAClosedChatDoublesItsTime, TestThrottledChatIsLeftAloneAndOthersAreNot*
//	28, 29  lost answers               TestFaultHasItsEffectAndNoOther, TestAnswerThatIsLostLeavesTheLetterUncertain*,
//	                                   TestAnswerIsLostOnASocketToo*, TestSilentServerLeavesTheLetterUncertain*,
//	                                   TestEditWhoseAnswerIsLostIsRepeatedWithoutHarm*,
//	                                   TestLetterOfSeveralCallsGoesOnWhereItStopped*
//	30      texts                      TestTextHasItsLimits, TestEveryTextIsTakenWhateverItsLength*
//	31, 32  markup                     TestMarkupIsReadLikeTelegram, TestWhateverPeopleWriteIsShownAsTheyWroteIt*,
//	                                   TestBrokenMarkupIsSentPlainOnce*
//	33      captions                   TestPhotoIsUploadedOnceAndNamedAfterwards, TestCaptionIsEditedInPlaceOfText
//	34, 35  buttons                    TestKeyboardIsChecked
//	36      closed doors               TestPersonMustHaveWrittenFirst, TestGroupIsClosedToABotThatIsNotInIt,
//	                                   TestEveryClosedDoorHasItsRemedy*, TestBlockingAndTakingBackAreHeard*
//	38      moved groups               TestGroupMovesToASupergroup, TestGroupThatMovedIsFollowed*
//	39      replies                    TestReplyToWhatIsGone
//	43      refused uploads            TestFaultHasItsEffectAndNoOther, TestRefusedUploadHasItsRemedy*
//	44      one picture, many groups   TestUploadsOfOneSizeAreThrottled, TestPictureForFiftyGroupsIsUploadedOnce*
//	45–47   files                      TestPhotoIsUploadedOnceAndNamedAfterwards, TestFileIsFetchedForAnHour,
//	                                   TestFileIsFetchedHoweverOldItsMessage*, TestFileThatCannotBeFetchedIsGivenUp*
//	48      413                        TestPhotoThatIsNoneIsRefused, TestWordsGoWithoutAPictureThatIsRefused*
//	49      albums                     TestAlbumHasItsSizeAndItsKind, TestAlbumsHaveTheSizeThatTelegramTakes*
//	50      longitude 0                TestPlaceOnTheGreenwichMeridian, TestPlaceOnTheMeridianIsOne*
//	51, 52  passing on, previews       TestTranscripts in flows, on Telegram: each that tells of a reporter, and each text
//	53–57   edits                      TestEditsAreJudged, TestCaptionIsEditedInPlaceOfText, TestIdenticalEditIsAsGoodAsDone*,
//	                                   TestCardThatIsGoneIsPostedAnew*, TestPictureIsEditedByItsCaption*
//	58, 59  deleting                   TestDeletingHasItsTime
//	60, 61  pins                       TestPinNeedsItsRight, TestOwnServiceMessagesAndChannelsAreNothing*
//	65      threads                    TestThreadOfAChatWithoutTopics
//	67, 72  presses                    TestPressIsAnsweredInTime, TestPressIsAnsweredWhileItsChatIsThrottled*
//	71, 74  forged presses             TestPressShowsTheMessageAsFarAsThereIsOne, TestForgedPressesAreDecoded*
//	77      privacy                    TestPrivacyKeepsChatterFromTheBot, TestGroupIsHeardOnlyWhenItSpeaksToUs*
//	79, 86  masked authors, channels   TestMaskedAuthorsAreShownAsTelegramShowsThem, TestMaskedAuthorsHaveNoName*
//	81      commands                   TestCommandsHaveTheirLimits, TestMenusAreSetOnceAndWhenTheyChange*
//	83      membership of the bot      TestComingAndGoingOfTheBotIsToldOnce*
//	87, 88  requests to join           TestRequestToJoinCanBeAnsweredFiveMinutesLong, TestOrdersAtTheDoorAreDoneOnce*,
//	                                   TestWhoIsInTooManyChatsIsNotLetIn*, TestWhomAnotherLetInIsInside*
//	90, 91  members, links             TestMembersAreToldOnlyToAnAdministratorWhoAsks, TestLinkIntoAGroupIsChecked
//	92      all sorts of things        TestPeopleSendAllSortsOfThings, TestEverySortOfThingIsKnown*
//
// Where it differs from Telegram. Forums have no topics here. Links and names in the bot's own texts are not marked by
// themselves. A command without a name reaches the bot also when another bot spoke last. Other bots' messages reach it, so
// that loops can be tested. Delays before a refusal, as for uploads of one size, are left out. A person's picture keeps its
// EXIF data.
package botapi
