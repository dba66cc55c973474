defmodule Acme.ChildrenUnset.Tree do
  use Supervisor
end
