// Package vault keeps the keys of one data folder: a random data key, sealed once for every passphrase or key file
// that may open it, and the sealing of values under keys derived from it. It also holds the one way in which small
// files are replaced without a moment in which neither the old nor the new one is whole. It knows no campaign and no
// record; store, hq and the programs may import it.
//
//	passphrase --Argon2id--> key of the slot --seals--> data key --HKDF-SHA256, one label per purpose--> Sealer, MACer
//	key file   --HKDF------> key of the slot
//
// A slot is one such sealed copy. Changing a passphrase rewrites one slot of about 400 bytes and no data.
package vault
