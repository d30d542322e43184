// Package blob names photos by what is in them and cuts them into chunks, so that a photo may arrive in pieces, in any
// order, by any road, and each piece be checked when it comes. It is pure.
//
// Words: a photo is what a record names; it consists of images in different sizes, a preview and a working image. The
// manifest lists them with their hashes. The name of the photo is the beginning of the manifest's hash, so that whoever
// has the name can check the manifest, with it every chunk, and at the end each image as a whole.
//
// Store, wire, exchange, photo and what stands above import it.
package blob
