Feature: {{op}} of {{key}}

  Scenario: the example comes out as it stands
    Given the request in examples/{{op}}_request.json
    When "{{op}}" is asked
    Then the response is the one in examples/{{op}}_response.json
