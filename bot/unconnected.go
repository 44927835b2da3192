package bot

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
)

// Unconnected reports whether the error of a call shows that there never was a connection to send anything on: no such
// host, nobody who listens, or a certificate that we do not trust. Whatever else a call ends with, what it asked for may
// have been done.
func Unconnected(err error) bool {
	var (
		dns         *net.DNSError
		operation   *net.OpError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		authority   x509.UnknownAuthorityError
	)
	return errors.As(err, &dns) || errors.As(err, &certificate) || errors.As(err, &record) || errors.As(err, &authority) ||
		(errors.As(err, &operation) && operation.Op == "dial")
}
