defmodule Acme.Internal.User do
  def all, do: Tribes.Accounts.list_users()
end
