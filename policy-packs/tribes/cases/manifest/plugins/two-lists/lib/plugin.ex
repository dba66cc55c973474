defmodule Acme.TwoLists.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_two_lists
end
