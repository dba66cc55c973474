defmodule Acme.Weather.Page do
  use Tribes.UI
end
