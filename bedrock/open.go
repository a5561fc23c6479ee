package bedrock

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/model"
)

// loadOptions returns what Options says about the SDK's configuration.
func (o *Options) loadOptions() []func(*config.LoadOptions) error {
	var all []func(*config.LoadOptions) error
	if o.Region != "" {
		all = append(all, config.WithRegion(o.Region))
	}
	if o.Profile != "" {
		all = append(all, config.WithSharedConfigProfile(o.Profile))
	}
	return all
}

// notLoaded returns the error of a configuration that cannot be loaded.
func (c call) notLoaded(err error) error {
	message := "the AWS configuration cannot be loaded: " + rootText(err)
	if missing, ok := errors.AsType[config.SharedConfigProfileNotExistError](err); ok {
		message = fmt.Sprintf("the AWS profile %q is not in the shared configuration files; add it, as by aws configure --profile, or name another one in AWS_PROFILE or Options.Profile", missing.Profile)
	}
	e := c.error(model.ErrInvalidRequest, message)
	e.Err = &concealedError{rootText(err), err} // a file that cannot be read may be quoted
	return e
}

const noRegion = "no AWS region is set; set AWS_REGION, Options.Region, or a region in the shared configuration"

// hostLabel is what may stand between the dots of a host name, as a region does.
// https://www.rfc-editor.org/rfc/rfc1123#section-2.1
var hostLabel = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
})

// checkClient finds what would make every call fail.
func (c call) checkClient(o bedrockruntime.Options) error {
	if o.Region != "" && !hostLabel().MatchString(o.Region) {
		return c.error(model.ErrInvalidRequest, fmt.Sprintf("%q is not an AWS region; set one such as us-east-1, by AWS_REGION, Options.Region or the shared configuration", o.Region))
	}
	if o.BaseEndpoint != nil {
		if u, err := url.Parse(*o.BaseEndpoint); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			// The address may hold a password, so it is not shown.
			return c.error(model.ErrInvalidRequest, "the endpoint is not a URL; set one such as https://bedrock-runtime.us-east-1.amazonaws.com, by AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_ENDPOINT_URL or the client's BaseEndpoint")
		}
	}
	return nil
}

// checkNames finds ids that nothing can have.
func (c call) checkNames(o *Options) error {
	switch {
	case strings.TrimSpace(c.modelID) == "":
		return c.error(model.ErrInvalidRequest, "the model id is empty")
	case !printable(c.modelID):
		return call{op: c.op}.error(model.ErrInvalidRequest, fmt.Sprintf("the model id %q holds a control character", c.modelID))
	case !printable(o.BaseModel):
		return c.error(model.ErrInvalidRequest, fmt.Sprintf("Options.BaseModel %q holds a control character", o.BaseModel))
	}
	return nil
}

// printable reports whether a text can stand in a header or a path: it is UTF-8
// without control characters.
func printable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0
}
