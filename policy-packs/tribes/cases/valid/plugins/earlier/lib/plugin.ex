defmodule Tribes.Plugins.Earlier.Plugin do
  defdelegate register(context), to: Earlier.Plugin
end
