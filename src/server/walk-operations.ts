import type { ExampleOperation } from './example-operation.ts';

/**
 * The way from a preset to an alert, as the README tells it, step by step: a test holds the two equal. Variables that end in Id are ids that an earlier step
 * has answered with.
 */
export const WALK_OPERATIONS: readonly ExampleOperation[] = [
  {
    name: 'ApplyPreset',
    query: `# Step 1: a filter of yours from a preset.
# Criteria given here take the place of the preset's.
mutation ApplyPreset {
  filterApplyPreset(input: {
    preset: MODERATE
    name: "My spreads"
    overrides: { returnOnRisk: { min: 0.25 } }
    reason: "trying it out"
  }) {
    ... on FilterApplyPresetPayload {
      filter { id name owner visibility revision }
    }
    ... on ValidationError { issues { path message } }
    ... on Error { message }
  }
}`,
  },
  {
    name: 'PreviewFilter',
    query: `# Step 2: what the filter would find with a change, before it
# is made, and what each criterion does to that.
query PreviewFilter($filterId: ID!) {
  filterPreview(input: {
    filterId: $filterId
    overrides: { score: { min: 50 } }
    best: 5
  }) {
    considered
    matching
    criteria {
      expected
      passing
      matchingWithout
      histogram { min median max unknown }
    }
    symbols { symbol considered matching }
    best {
      symbol
      strategy
      expiration
      score
      legs { symbol quantity }
    }
    nearMisses {
      failed { expected value distance }
      position { symbol legs { symbol quantity } }
    }
  }
}`,
    variables: `{
  "filterId": "the id of step 1"
}`,
  },
  {
    name: 'AdjustFilter',
    query: `# Step 3: the change itself.
# It is in force at the next contract evaluated.
mutation AdjustFilter($filterId: ID!) {
  filterUpdate(input: {
    id: $filterId
    expectedRevision: 1
    overrides: { score: { min: 50 } }
    reason: "only what scores well"
  }) {
    ... on FilterUpdatePayload {
      filter {
        revision
        revisions(first: 2) {
          edges {
            node { revision kind at reason changes { path from to } }
          }
        }
      }
    }
    ... on ValidationError { issues { path message } }
    ... on Error { message }
  }
}`,
    variables: `{
  "filterId": "the id of step 1"
}`,
  },
  {
    name: 'CreateChannel',
    query: `# Step 4: where alerts are told; here the log of the server.
# Others: webhook, slack, email, sms, webSocket.
mutation CreateChannel {
  notificationChannelCreate(input: {
    name: "Server log"
    settings: { log: true }
    reason: "to try alerts"
  }) {
    ... on NotificationChannelCreatePayload {
      channel { id name kind revision }
      signingSecret
    }
    ... on ValidationError { issues { path message } }
    ... on Error { message }
  }
}`,
  },
  {
    name: 'CreateRule',
    query: `# Step 5: a rule. It fires for each underlying of which the filter
# finds something, and goes on until five minutes after the last.
mutation CreateRule($filterId: ID!, $channelId: ID!) {
  alertRuleCreate(input: {
    rule: {
      name: "Spreads worth a look"
      condition: { match: { filterId: $filterId } }
      severity: INFO
      labels: [{ name: "desk", value: "premium" }]
      channelIds: [$channelId]
    }
  }) {
    ... on AlertRulePayload {
      rule { id name groupBy throttleMs revision }
    }
    ... on ValidationError { issues { path message } }
    ... on Error { message }
  }
}`,
    variables: `{
  "filterId": "the id of step 1",
  "channelId": "the id of step 4"
}`,
  },
  {
    name: 'TestRule',
    query: `# Step 6: tries the rule. Its channels are told a message that
# says it is a test: look into the log of the server.
mutation TestRule($ruleId: ID!) {
  alertRuleTest(input: { id: $ruleId }) {
    ... on AlertPayload { alert { title body isTest status } }
    ... on ValidationError { issues { path message } }
    ... on Error { message }
  }
}`,
    variables: `{
  "ruleId": "the id of step 5"
}`,
  },
  {
    name: 'WatchAlerts',
    query: `# Step 7: alerts as they fire, are met again, and end.
# Press play and wait for the next results; press stop to copy an id.
subscription WatchAlerts($ruleId: ID!) {
  alerts(filter: { ruleIds: [$ruleId] }, snapshot: 5) {
    phase
    cursor
    changes {
      kind
      at
      notify
      actor
      comment
      alert { id status title body matches }
    }
  }
}`,
    variables: `{
  "ruleId": "the id of step 5"
}`,
  },
  {
    name: 'AcknowledgeAlert',
    query: `# Step 8: takes an alert over. Nobody is told of further matches
# and nothing escalates; its end is told.
mutation AcknowledgeAlert($alertId: ID!) {
  alertAcknowledge(input: { id: $alertId, comment: "looking at it" }) {
    ... on AlertPayload {
      alert {
        title
        status
        acknowledgedBy
        history { kind at actor comment notify }
      }
    }
    ... on ValidationError { issues { path message } }
    ... on Error { message }
  }
}`,
    variables: `{
  "alertId": "the id of an alert of step 7"
}`,
  },
];
