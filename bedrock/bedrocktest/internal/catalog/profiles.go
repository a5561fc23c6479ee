package catalog

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
)

// A profile is the service's description of an inference profile.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_InferenceProfileSummary.html
type profile struct {
	CreatedAt   time.Time    `json:"createdAt"`
	Description string       `json:"description"`
	ARN         string       `json:"inferenceProfileArn"`
	ID          string       `json:"inferenceProfileId"`
	Name        string       `json:"inferenceProfileName"`
	Models      []profiledBy `json:"models"`
	Status      string       `json:"status"`
	Type        string       `json:"type"`
	UpdatedAt   time.Time    `json:"updatedAt"`
}

type profiledBy struct {
	ARN string `json:"modelArn"`
}

const (
	systemDefined = "SYSTEM_DEFINED"
	application   = "APPLICATION"

	// account owns the profiles that the service does not define.
	account = "123456789012"

	// mostResults is the largest page.
	mostResults = 1000
)

// profiles answers ListInferenceProfiles. A page token is the number of the
// first profile on the page.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListInferenceProfiles.html
func (c *Catalog) profiles(_ string, query url.Values) (any, *Refusal) {
	if refusal := oneOf(query, "type", systemDefined+", "+application); refusal != nil {
		return nil, refusal
	}
	size := mostResults
	if given := query.Get("maxResults"); given != "" {
		n, err := strconv.Atoi(given)
		switch {
		case err != nil, n < 1:
			return nil, constraint(given, "maxResults", "have value greater than or equal to 1")
		case n > mostResults:
			return nil, constraint(given, "maxResults", fmt.Sprintf("have value less than or equal to %d", mostResults))
		}
		size = n
	}
	all := []profile{}
	if query.Get("type") != application {
		all = c.listed()
	}
	from, ok := pageAt(query.Get("nextToken"))
	if !ok || from > len(all) {
		return nil, &Refusal{"ValidationException", "The provided next token is invalid."}
	}
	page := all[from:min(from+size, len(all))]
	answer := map[string]any{"inferenceProfileSummaries": page}
	if next := from + len(page); next < len(all) {
		answer["nextToken"] = base64.RawURLEncoding.EncodeToString(strconv.AppendInt([]byte("p"), int64(next), 10))
	}
	return answer, nil
}

// pageAt returns the index at which a token's page begins.
func pageAt(token string) (from int, ok bool) {
	if token == "" {
		return 0, true
	}
	data, err := base64.RawURLEncoding.DecodeString(token)
	number, ok := strings.CutPrefix(string(data), "p")
	from, errNumber := strconv.Atoi(number)
	return from, err == nil && ok && errNumber == nil && from >= 0
}

func (c *Catalog) listed() []profile {
	all := []profile{}
	for _, base := range rules.Rows() {
		m := c.Table.Model(base)
		if !m.ProfileOnly || !c.lists(m) {
			continue
		}
		for _, geography := range []string{geographyOf(c.Region), "global"} {
			if geography == "global" && !slices.Contains(m.Geographies, geography) || m.Geographies != nil && !slices.Contains(m.Geographies, geography) {
				continue
			}
			all = append(all, c.describe(m, geography+"."+base, systemDefined))
		}
	}
	return all
}

// geographyOf returns the geography whose profiles are offered in a region.
func geographyOf(region string) string {
	switch {
	case strings.HasPrefix(region, "us-gov-"):
		return "us-gov"
	case strings.HasPrefix(region, "eu-"):
		return "eu"
	case strings.HasPrefix(region, "ap-"):
		return "apac"
	}
	return "us"
}

// profile answers GetInferenceProfile, for a profile's id or its ARN. The ARN
// of an application's own profile exists if Options.Play has a row for it.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetInferenceProfile.html
func (c *Catalog) profile(id string, _ url.Values) (any, *Refusal) {
	m := c.Table.Model(id)
	missing := &Refusal{"ResourceNotFoundException", "The specified inference profile was not found."}
	switch {
	case m.Row == "" || !c.lists(m):
		return nil, missing
	case m.ID.Kind == modelid.AppProfile:
		return c.describe(m, id, application), nil
	case m.ID.Geography == "", m.Geographies != nil && !slices.Contains(m.Geographies, m.ID.Geography):
		return nil, missing
	}
	return c.describe(m, m.ID.Geography+"."+m.ID.Base, systemDefined), nil
}

func (c *Catalog) describe(m *rules.Model, id, kind string) profile {
	base := m.ID.Base
	if kind == application || base == "" {
		base = m.Row
	}
	p := profile{
		CreatedAt: rules.AsOf, UpdatedAt: rules.AsOf, Status: "ACTIVE", Type: kind, ID: id,
		ARN:    "arn:aws:bedrock:" + c.Region + ":" + account + ":inference-profile/" + id,
		Name:   strings.ToUpper(m.ID.Geography) + " " + modelName(m),
		Models: []profiledBy{{c.modelARN(base)}},
	}
	if kind == application {
		p.ARN, p.ID, p.Name = id, id[strings.LastIndexByte(id, '/')+1:], modelName(m)
	} else if p.Name[0] == ' ' {
		p.Name = strings.ToUpper(id[:strings.IndexByte(id, '.')]) + p.Name
	}
	p.Description = "Routes requests to " + providerName(m) + " " + modelName(m) + "."
	return p
}
