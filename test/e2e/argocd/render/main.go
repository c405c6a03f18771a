// Renders the sources of Argo CD's Applications with the code of its repo-server: Helm charts by the helm on the PATH, folders as it reads them.
//
//	argocd-render REPOSITORY CHARTS KUBERNETES APPLICATIONS...
//
// REPOSITORY stands for every Git source, CHARTS/<name> for every chart. On standard output: a line of JSON for each object, with the
// Application that brings it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/git"
	utilio "github.com/argoproj/argo-cd/v3/util/io"
	"github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"
)

type rendered struct {
	Application string          `json:"application"`
	Object      json.RawMessage `json:"object"`
}

func main() {
	logrus.SetLevel(logrus.ErrorLevel)
	if len(os.Args) < 5 {
		stop(fmt.Errorf("usage: argocd-render REPOSITORY CHARTS KUBERNETES APPLICATIONS"))
	}
	repo, charts, kubernetes := os.Args[1], os.Args[2], os.Args[3]
	output := json.NewEncoder(os.Stdout)
	for _, file := range os.Args[4:] {
		text, err := os.ReadFile(file)
		stop(err)
		for _, document := range strings.Split(string(text), "\n---\n") {
			var kind struct{ Kind string }
			stop(yaml.Unmarshal([]byte(document), &kind))
			if kind.Kind != "Application" {
				continue
			}
			var application v1alpha1.Application
			// Strictly: Argo CD's own types, so a misspelled field stops here.
			stop(yaml.UnmarshalStrict([]byte(document), &application))
			for _, object := range render(&application, repo, charts, kubernetes) {
				stop(output.Encode(rendered{application.Name, json.RawMessage(object)}))
			}
		}
	}
}

func render(application *v1alpha1.Application, repo, charts, kubernetes string) []string {
	// What the repo-server would have cloned, and which source each `$name/` in a path means.
	clones := utilio.NewRandomizedTempPaths(os.TempDir())
	references := map[string]*v1alpha1.RefTarget{}
	sources := application.Spec.GetSources()
	for _, source := range sources {
		if source.Chart == "" {
			clones.Add(git.NormalizeGitURL(source.RepoURL), repo)
		}
		if source.Ref != "" {
			references["$"+source.Ref] = &v1alpha1.RefTarget{Repo: v1alpha1.Repository{Repo: source.RepoURL}, TargetRevision: source.TargetRevision}
		}
	}
	var objects []string
	for _, source := range sources {
		root, folder := repo, filepath.Join(repo, source.Path)
		switch {
		case source.Chart != "":
			root = filepath.Join(charts, source.Chart)
			folder = root
		case source.Path == "":
			continue // only referred to
		}
		request := &apiclient.ManifestRequest{
			Repo:               &v1alpha1.Repository{Repo: source.RepoURL},
			AppName:            application.Name,
			Namespace:          application.Spec.Destination.Namespace,
			ApplicationSource:  &source,
			KubeVersion:        kubernetes,
			RefSources:         references,
			HasMultipleSources: application.Spec.HasMultipleSources(),
			TrackingMethod:     string(v1alpha1.TrackingMethodAnnotation),
			ProjectName:        application.Spec.Project,
		}
		response, err := repository.GenerateManifests(context.Background(), folder, root, source.TargetRevision, request, true,
			&git.NoopCredsStore{}, resource.MustParse("0"), clones)
		stop(err)
		objects = append(objects, response.Manifests...)
	}
	return objects
}

func stop(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "argocd-render:", err)
		os.Exit(1)
	}
}
