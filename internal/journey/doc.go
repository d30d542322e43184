// Package journey plays whole days with the real programs: several laptops and an HQ, a window on a virtual display,
// a browser. Its tests run under the build tag journey, with KANDILI_BUILD naming the folder of the programs.
package journey
