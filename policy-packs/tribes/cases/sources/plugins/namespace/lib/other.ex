defmodule AcmeWeb.Other do
end
