defmodule Earlier.MixProject do
  use Mix.Project

  def project do
    [app: :earlier, version: "0.1.0", deps: [{:tribes_plugin_api, "~> 0.1"}]]
  end
end
