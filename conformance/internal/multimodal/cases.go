// Package multimodal holds the cases about images, documents, video and audio.
package multimodal

import (
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// Cases returns the cases of the group in the order in which they run.
func Cases() []probe.Case {
	images, documents := []probe.Capability{probe.Images}, []probe.Capability{probe.Documents}
	return []probe.Case{
		{ID: "MUL-01", Name: "ImageBytes", Check: imageBytes, Needs: images,
			Rule: "an image arrives byte for byte, with its type"},
		{ID: "MUL-02", Name: "ImageTypes", Check: imageTypes, Needs: images,
			Rule: "if the caller gives no type, PNG, JPEG, GIF and WebP are recognized by their first bytes"},
		{ID: "MUL-03", Name: "Order", Check: mediaOrder, Needs: images,
			Rule: "text and images keep their order"},
		{ID: "MUL-04", Name: "ImageInResult", Check: imageInResult, Needs: []probe.Capability{probe.Images, probe.Tools},
			Rule: "an image in a tool result arrives there, or a warning names it"},
		{ID: "MUL-05", Name: "DocumentBytes", Check: documentBytes, Needs: documents,
			Rule: "a document arrives byte for byte, with its type and its name"},
		{ID: "MUL-06", Name: "DocumentText", Check: documentText, Needs: documents,
			Rule: "a document that is text arrives whole"},
		{ID: "MUL-07", Name: "DocumentNames", Check: documentNames, Needs: documents,
			Rule: "documents have different names, the same in every call; a warning names one that was changed"},
		{ID: "MUL-08", Name: "VideoBytes", Check: videoBytes, Needs: []probe.Capability{probe.Video},
			Rule: "a video arrives byte for byte, with its type"},
		{ID: "MUL-09", Name: "AudioBytes", Check: audioBytes, Needs: []probe.Capability{probe.Audio},
			Rule: "audio arrives byte for byte, with its type"},
		{ID: "MUL-10", Name: "URINotFetched", Check: uriNotFetched, Needs: []probe.Capability{probe.Images, probe.MediaURIs},
			Rule: "a URI is passed on unchanged; nothing is fetched"},
		{ID: "MUL-11", Name: "BytesNotKept", Check: bytesNotKept, Needs: images,
			Rule: "once a call has returned, the caller may change the bytes of its files"},
		{ID: "MUL-12", Name: "LargeImage", Check: largeImage, Needs: images,
			Rule: "a large image arrives whole"},
		{ID: "MUL-13", Name: "ImagesRefused", Check: imagesRefused, Unless: probe.Images,
			Rule: "a model without images refuses one with ErrUnsupported and sends nothing"},
		{ID: "MUL-14", Name: "DocumentsRefused", Check: documentsRefused, Unless: probe.Documents,
			Rule: "a model without documents refuses one with ErrUnsupported and sends nothing"},
		{ID: "MUL-15", Name: "VideoRefused", Check: videoRefused, Unless: probe.Video,
			Rule: "a model without video refuses it with ErrUnsupported and sends nothing"},
		{ID: "MUL-16", Name: "AudioRefused", Check: audioRefused, Unless: probe.Audio,
			Rule: "a model without audio refuses it with ErrUnsupported and sends nothing"},
		{ID: "MUL-17", Name: "HugeImage", Check: hugeImage, Needs: []probe.Capability{probe.Images},
			Rule: "an image of more than 5 MB arrives whole, or is refused"},
		{ID: "MUL-18", Name: "GuardContent", Check: guardContent,
			Rule: "guarded text and images, even in system messages, arrive with their qualifiers, are refused, or a warning names what was left out"},
		{ID: "MUL-19", Name: "SearchResults", Check: searchResultFields,
			Rule: "search results arrive with every field, are refused, or a warning names what was left out"},
		{ID: "MUL-20", Name: "DocumentFields", Check: documentFields, Needs: []probe.Capability{probe.Documents},
			Rule: "a document's context, chunks, citation setting and owner arrive, are refused, or a warning names what was left out"},
		{ID: "MUL-21", Name: "FilesByURI", Check: filesByURIArrive,
			Rule: "every kind of file by URI arrives with its type and its owner, is refused, or a warning names what was left out"},
		{ID: "MUL-22", Name: "GivenTypes", Check: givenTypesArrive,
			Rule: "the type that the caller gives arrives unchanged, or is refused"},
		{ID: "MUL-23", Name: "OwnBlocks", Check: ownBlocks,
			Rule: "an opaque block of the provider itself arrives byte for byte, is refused, or a warning says that it was left out"},
		{ID: "MUL-24", Name: "PartsInResults", Check: partsInResults, Needs: []probe.Capability{probe.Tools},
			Rule: "every part that a tool result may have arrives inside it with every field, is refused, or a warning names what was left out or moved"},
	}
}
