// Package telegram carries updates and letters between Telegram and the bot.
package telegram
