package main

import (
	"bytes"
	"fmt"
	"testing"
)

func TestCover_takesWhatManySamplesShareAndNothingElse(t *testing.T) {
	var samples [][]byte
	for i := range 50 {
		samples = append(samples, fmt.Appendf(nil, "%0300x the words that all of them have in common %0300x", i*7919, i*104729))
	}
	got := cover(samples, 2000)
	if !bytes.Contains(got, []byte("the words that all of them have in common")) {
		t.Errorf("got %q", got)
	}
	if again := cover(samples, 2000); !bytes.Equal(got, again) {
		t.Error("two runs differ")
	}
	if got := cover([][]byte{[]byte("alone"), []byte("nothing is shared here")}, 100); len(got) != 0 {
		t.Errorf("nothing is shared, and yet %q", got)
	}
}
