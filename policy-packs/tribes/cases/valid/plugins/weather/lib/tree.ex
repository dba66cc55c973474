defmodule Acme.Weather.Tree do
  use Supervisor

  def init(_), do: Supervisor.init([], strategy: :one_for_one)
end
