package wire

// TypeVoucher is HQ's signed word for a laptop that joined lately: see journal.Voucher. A laptop that has none of its own
// asks HQ for it with an empty body.
const TypeVoucher Type = 18

// VoucherFrame returns a voucher as a frame; nil asks for one.
func VoucherFrame(voucher []byte) Frame { return Frame{TypeVoucher, voucher} }
