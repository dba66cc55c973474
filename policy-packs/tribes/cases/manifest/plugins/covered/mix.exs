defmodule Acme.Covered.MixProject do
  use Mix.Project

  def project do
    [
      app: :acme_covered,
      version: "0.1.0",
      deps: deps()
    ]
  end

  defp deps do
    [
      {:tribes_plugin_api, "~> 0.1"},
      {:tribes, path: "../tribes", only: [:dev], runtime: false}
    ]
  end
end
