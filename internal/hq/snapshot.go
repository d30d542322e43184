package hq

import "context"

// leastSnapshot is how many new writes make a snapshot worth while: about a page. See store.WorthPublishing.
const leastSnapshot = 1000

// publishWhereWorth lets campaigns publish a snapshot of what the last proven backup holds.
func (o *Office) publishWhereWorth() error {
	for _, s := range o.Campaigns() {
		proven := o.provenOf(s.Self().Campaign).heads()
		if !s.WorthPublishing(proven, leastSnapshot) {
			continue
		}
		if _, err := s.Publish(proven); err != nil {
			return err
		}
	}
	return nil
}

// doSnapshot proves a backup of a campaign and covers the logs with pages as far as that has them.
func (o *Office) doSnapshot(c Command) (Reply, error) {
	s, err := o.Campaign(c.Campaign)
	if err != nil {
		return Reply{}, err
	}
	if _, err := o.Prove(context.Background(), c.Dir); err != nil {
		return Reply{}, err
	}
	n, err := s.Publish(o.provenOf(s.Self().Campaign).heads())
	if err != nil {
		return Reply{}, err
	}
	return reply(map[string]int{"logs": n}, "A backup is proven, and a snapshot of %s published. New laptops take it instead of the whole history; the others keep no more than they need.\n", plural(n, "one log", "%s logs"))
}
