// Promtail as a program. Loki's module of the third generation still holds it as a library; only its command was taken out.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/grafana/dskit/flagext"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/grafana/loki/v3/clients/pkg/logentry/stages"
	"github.com/grafana/loki/v3/clients/pkg/promtail"
	"github.com/grafana/loki/v3/clients/pkg/promtail/client"
	"github.com/grafana/loki/v3/clients/pkg/promtail/config"
	"github.com/grafana/loki/v3/pkg/util/cfg"
	logger "github.com/grafana/loki/v3/pkg/util/log"
)

// What the command line and the file it names say. The reader of configurations looks for the first two flags by their names.
type settings struct {
	config.Config `yaml:",inline"`
	file          string
	expand        bool
	onlyCheck     bool
}

func (s *settings) RegisterFlags(flags *flag.FlagSet) {
	flags.StringVar(&s.file, "config.file", "", "where the configuration lies")
	flags.BoolVar(&s.expand, "config.expand-env", false, "whether variables in it are replaced")
	flags.BoolVar(&s.onlyCheck, "check-syntax", false, "build every pipeline, then end")
	s.Config.RegisterFlags(flags)
}

// Clone is asked for by the reader of configurations.
func (s *settings) Clone() flagext.Registerer {
	clone := *s
	return &clone
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(words []string) error {
	read := func(flags *flag.FlagSet) (*settings, error) {
		found := new(settings)
		return found, cfg.DefaultUnmarshal(found, words, flags)
	}
	found, err := read(flag.CommandLine)
	if err != nil {
		return err
	}
	metrics := prometheus.DefaultRegisterer
	logger.InitLogger(&found.ServerConfig.Config, metrics, false)
	if found.onlyCheck {
		return buildPipelines(found)
	}
	found.Setup(logger.Logger)
	again := func() (*config.Config, error) {
		fresh, err := read(flag.NewFlagSet("promtail", flag.ContinueOnError))
		return &fresh.Config, err
	}
	collector, err := promtail.New(found.Config, again, client.NewMetrics(metrics), false)
	if err != nil {
		return err
	}
	defer collector.Shutdown()
	return collector.Run()
}

// Promtail 2.9 ends its check before this, and calls an unknown stage valid.
func buildPipelines(found *settings) error {
	for _, scrape := range found.ScrapeConfig {
		if _, err := stages.NewPipeline(logger.Logger, scrape.PipelineStages, &scrape.JobName, prometheus.NewRegistry()); err != nil {
			return fmt.Errorf("the pipeline of %s: %w", scrape.JobName, err)
		}
	}
	return nil
}
