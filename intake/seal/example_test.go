package seal_test

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"recourse/intake/seal"
)

func ExampleSealer_Seal() {
	s := seal.New([]byte("the server's key, 32 random bytes")) // intake.Key reads it
	receipt := s.Seal("Received: your withdrawal\n", time.Date(2026, 11, 20, 13, 3, 12, 0, time.UTC))

	v, err := seal.Open([]byte(receipt))
	fmt.Printf("%q at %s, by this server: %t, %v\n", v.Text, v.At.Format(time.TimeOnly), v.By(s.Fingerprint()) == nil, err)

	_, err = seal.Open([]byte(strings.Replace(receipt, "withdrawal", "complaint", 1)))
	fmt.Println(err)
	// Output:
	// "Received: your withdrawal\n" at 13:03:12, by this server: true, <nil>
	// changed after it was signed: the signature does not match
}

func ExampleSealer_SealBytes() {
	s := seal.New([]byte("the server's key, 32 random bytes"))
	sig := s.SealBytes([]byte("reference,name\n"), time.Now()) // goes out as cases.csv.sig

	_, err := seal.OpenDetached(bytes.NewReader([]byte("reference,n")), sig)
	fmt.Println(err)
	// Output:
	// changed after it was signed: it has 11 bytes of the 15 that were signed; was it cut off when it was copied?
}
