package exchange

import "kandili/sync/wire"

// Vouching is what a replica may be, besides: one that believes HQ's vouchers for laptops whose certificates it lacks.
type Vouching interface {
	// TakeVoucher checks a voucher and remembers it. Its error says that the voucher does not count, or could not be
	// kept; nothing else follows from it.
	TakeVoucher(voucher []byte) error
}

// vouched hands HQ's voucher for this laptop on.
func (r *run) vouched(voucher []byte) error {
	if r.Vouched == nil || len(voucher) == 0 {
		return nil
	}
	return r.Vouched(voucher)
}

// voucher gives the node the voucher that it asked for.
func (a *answering) voucher() error {
	if !a.vouch || a.Voucher == nil {
		return nil
	}
	v := a.Voucher(a.meeting.Hello.Log.Node)
	if len(v) == 0 {
		return nil
	}
	return a.frame(wire.VoucherFrame(v))
}
