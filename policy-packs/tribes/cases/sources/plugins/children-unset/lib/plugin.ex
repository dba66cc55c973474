defmodule Acme.ChildrenUnset.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_children_unset
end
