// Package road carries exchanges: over HTTPS to HQ with its key pinned, and in courier files, which are encrypted to
// their readers and read back before they count. Laptops nearby are a further road for the same frames. The laptop's
// own package, HQ and commands import it.
package road
