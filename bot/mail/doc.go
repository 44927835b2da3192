// Package mail is the platform on which partners are reached that work by e-mail: out over SMTP, in from an IMAP mailbox or a
// maildir. A partner's mailbox is its chat, a hand-over is a mail, and what the partner answers in a line is a press.
//
// # What is obeyed
//
// Three things have to hold before a mail does anything.
//
// It carries a reply code: the 128 random bits of the letter that it answers, of which the database keeps the hash only. The
// code stands in the Reply-To address (plus addressing, RFC 5233) and at the end of the mail. Base32, because the part of an
// address before the @ loses its case on the way.
//
// Its sender is of the partner: the very address that the letter went to, or another one of the same domain, because people
// answer for a shared mailbox from their own. Where everybody can have an address in that domain, only the very address.
//
// Where mail.trust names the server that checks what comes in, that server has to have found that the sender is genuine
// (RFC 8601: DMARC passed, or else SPF or DKIM of the sender's own domain). Only the topmost Authentication-Results of that name
// counts: a server takes those that it did not write itself away. Without mail.trust no such field is believed, and the code
// is the proof: whoever has it got the mail, or was shown it by who did.
//
// Mail that a machine sent is neither obeyed nor answered: RFC 3834's Auto-Submitted, Precedence, List-Id,
// X-Auto-Response-Suppress, an empty Return-Path. An out-of-office text can begin like an answer ("Terug op maandag"). A bounce
// with a code tells that the partner cannot be reached.
//
// # Once
//
// What came is stored with the place in the mailbox in one transaction; a mail is known by its Message-ID. When the server
// numbers the mailbox anew (UIDVALIDITY), what it received before is not read again. Of a mail at most the first
// [maxMail] bytes are read, so attachments are not; of the text the first paragraph that is not quoted counts.
//
// A letter that is sent again has the Message-ID that it had. Whether one arrived of which the server's last word was lost is
// uncertain, as on other platforms.
package mail
