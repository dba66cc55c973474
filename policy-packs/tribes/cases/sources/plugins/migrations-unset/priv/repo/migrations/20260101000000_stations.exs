defmodule Migration do
end
