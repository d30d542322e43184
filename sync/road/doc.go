// Package road carries exchanges: over HTTPS to HQ with its key pinned. Laptops nearby and courier files are further
// roads for the same frames. The laptop's own package, HQ and commands import it.
package road
