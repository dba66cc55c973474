defmodule Acme.GettextInternal.Words do
  def title, do: Gettext.dgettext(TribesWeb.Gettext, "host", "Title")
end
