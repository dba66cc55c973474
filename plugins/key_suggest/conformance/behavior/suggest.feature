Feature: the key of a name

  Scenario: an everyday name
    Given the kind "plugin" and the name "Local Preview"
    When "suggest" is asked
    Then the key is "PLG_LOCAL_PREVIEW"

  Scenario: a name without ASCII
    Given the kind "plugin" and the name "日本"
    When "suggest" is asked
    Then there is an error and no key
