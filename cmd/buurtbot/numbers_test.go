package main

import (
	"strings"
	"testing"
)

func TestCheckProvesThatEveryNetworkNamesItsPolice(t *testing.T) {
	t.Chdir(t.TempDir())
	belgian := []string{"BUURTBOT_NETWORK_NAME=BIN Ter Linde", "BUURTBOT_NETWORK_PROFILE=be", "BUURTBOT_STORAGE_PATH=bin.db"}
	got := play(t, belgian, "check")
	if got.code != exitFailed || !strings.Contains(got.err, "BIN Ter Linde: no number of the police") ||
		!strings.Contains(got.err, "network.police") {
		t.Errorf("without a number: %+v", got)
	}
	got = play(t, append(belgian, "BUURTBOT_NETWORK_POLICE=bel de wijkagent"), "check")
	if got.code != exitConfig || !strings.Contains(got.err, "is no telephone number") {
		t.Errorf("with words: %+v", got)
	}
	got = play(t, append(belgian, "BUURTBOT_NETWORK_POLICE=02 123 45 67"), "check")
	if got.code != exitFine || !strings.Contains(got.out, "02 123 45 67 for the police without hurry") {
		t.Errorf("with a number: %+v", got)
	}
	got = play(t, []string{"BUURTBOT_STORAGE_PATH=bin.db"}, "check")
	if got.code != exitFine || !strings.Contains(got.out, "0900-8844 for the police without hurry") {
		t.Errorf("where the country has one: %+v", got)
	}
}
