defmodule Acme.Ui.Page do
  use Tribes.UI
end
