package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/robfig/cron/v3"
)

// checkSpec reports what is wrong with the times of a job: five cron fields and nothing else. A zone of its own and
// @every are refused, because the jobs of a network run by its clock, one slot at a time.
func checkSpec(spec string) (err error) {
	if strings.Contains(spec, "TZ=") {
		return errors.New("the zone is network.timezone; leave TZ= out")
	}
	if fields := len(strings.Fields(spec)); fields != 5 || strings.Contains(spec, "@") {
		return fmt.Errorf("%s is not five cron fields, such as 30 4 * * *", quote(spec))
	}
	defer func() {
		if recover() != nil { // cron's parser trusts its input
			err = fmt.Errorf("%s is not five cron fields, such as 30 4 * * *", quote(spec))
		}
	}()
	schedule, err := cron.ParseStandard(spec)
	if err != nil {
		return fmt.Errorf("%s is not five cron fields: %w", quote(spec), err)
	}
	if schedule.Next(anyDay).IsZero() {
		return fmt.Errorf("%s never comes", quote(spec))
	}
	return nil
}
