defmodule Acme.ApiDev.MixProject do
  use Mix.Project

  def project do
    [
      app: :acme_api_dev,
      version: "0.1.0",
      deps: deps()
    ]
  end

  defp deps do
    [
      {:tribes_plugin_api, "~> 0.1", only: [:dev, :test]}
    ]
  end
end
