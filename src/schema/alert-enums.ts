import { ALERT_STATUSES } from '../domain/alerts/alert.ts';
import { ALERT_CHANGE_KINDS } from '../domain/alerts/alert-change.ts';
import { GROUP_FIELDS, RULE_VISIBILITIES, SEVERITIES } from '../domain/alerts/alert-rule.ts';
import { ALERT_SETTING_CHANGE_KINDS } from '../domain/alerts/alert-setting.ts';
import { NOTICES } from '../domain/alerts/decide-notification.ts';
import { MATCH_OPERATORS } from '../domain/alerts/label-matcher.ts';
import { CHANGE_MEASURES, CONDITION_KINDS, MOVE_DIRECTIONS } from '../domain/alerts/rule-condition.ts';
import { SUBJECT_KINDS } from '../domain/alerts/series-source.ts';
import { MARKET_CALENDARS, WEEKDAYS } from '../domain/alerts/time-window.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

export const SeverityEnum = builder.enumType('Severity', {
  description: 'How much an alert matters.',
  values: describedValues(SEVERITIES, {
    INFO: 'Worth knowing.',
    WARNING: 'Worth a look soon.',
    CRITICAL: 'Worth a look now.',
  }),
});

export const AlertStatusEnum = builder.enumType('AlertStatus', {
  description: 'Where an alert stands.',
  values: describedValues(ALERT_STATUSES, {
    FIRING: 'Nobody has taken it over.',
    ACKNOWLEDGED: 'Somebody has: nobody else is told, and nothing escalates.',
    SNOOZED: 'Put off until a moment.',
    RESOLVED: 'Over.',
  }),
});

export const AlertChangeKindEnum = builder.enumType('AlertChangeKind', {
  description: 'What happened to an alert.',
  values: describedValues(ALERT_CHANGE_KINDS, {
    FIRED: 'It began.',
    UPDATED: 'Its condition was met again, or receivers were told later than it happened.',
    ACKNOWLEDGED: 'Somebody has taken it over.',
    UNACKNOWLEDGED: 'Whoever had taken it over no longer does.',
    SNOOZED: 'It was put off.',
    UNSNOOZED: 'It is no longer put off.',
    ESCALATED: 'Nobody had acknowledged it in time: more were told.',
    COMMENTED: 'Somebody wrote something.',
    RESOLVED: 'It is over.',
  }),
});

export const NoticeEnum = builder.enumType('AlertNotice', {
  description: 'What receivers are told.',
  values: describedValues(NOTICES, {
    FIRED: 'There is an alert.',
    AGAIN: 'Its condition was met again.',
    RESOLVED: 'It is over.',
  }),
});

export const AlertConditionKindEnum = builder.enumType('AlertConditionKind', {
  description: 'What a rule watches for.',
  values: describedValues(CONDITION_KINDS, {
    MATCH: 'A scan result that meets criteria.',
    THRESHOLD: 'A metric beyond a level.',
    CHANGE: 'A metric that moves within a window of time.',
    ENTER_EXIT: 'Opportunities that come into a screen or leave it.',
    ABSENCE: 'A metric of which nothing is heard.',
    ANOMALY: 'A metric far from what it usually is.',
  }),
});

export const GroupFieldEnum = builder.enumType('AlertGroupField', {
  description: 'By what the series of a rule are told apart: each has an alert of its own.',
  values: describedValues(GROUP_FIELDS, {
    symbol: 'The underlying.',
    strategy: 'The strategy.',
    filter: 'The filter.',
    service: 'The service.',
    expiration: 'The expiration.',
    legs: 'The position: contracts with their quantities.',
  }),
});

export const RuleVisibilityEnum = builder.enumType('AlertRuleVisibility', {
  description: 'Who sees a rule and its alerts.',
  values: describedValues(RULE_VISIBILITIES, {
    SHARED: 'Everybody who may read alerts.',
    PRIVATE: 'Its owner and administrators.',
  }),
});

export const SubjectKindEnum = builder.enumType('MetricSubjectKind', {
  description: 'What a metric is measured of.',
  values: describedValues(SUBJECT_KINDS, {
    UNDERLYING: 'An underlying: the metrics of the type UnderlyingMetrics.',
    FILTER: 'A filter, of each scan of an underlying: selected, results, bestScore.',
    STRATEGY: 'A strategy, of each scan of an underlying: selected, results, bestScore.',
    SERVICE: 'A service. `scanner`: scanDurationMs, contracts, candidates of each scan of an underlying.',
  }),
});

export const LevelDirectionEnum = builder.enumType('LevelDirection', {
  description: 'On which side of a level a rule fires.',
  values: { ABOVE: { description: 'At the level or above.' }, BELOW: { description: 'At the level or below.' } },
});

export const ChangeMeasureEnum = builder.enumType('ChangeMeasure', {
  description: 'How a move is measured.',
  values: describedValues(CHANGE_MEASURES, {
    ABSOLUTE: 'In units of the metric.',
    RELATIVE: 'As a fraction of the value it moved from (0.02 = 2 %).',
    Z_SCORE: 'The newest increment against those before it, in standard deviations; for volume, which counts up over the day.',
  }),
});

export const MoveDirectionEnum = builder.enumType('MoveDirection', {
  description: 'Which way a metric moves.',
  values: describedValues(MOVE_DIRECTIONS, { UP: 'Up.', DOWN: 'Down.', EITHER: 'Either way.' }),
});

export const ScreenEventEnum = builder.enumType('ScreenEvent', {
  description: 'What opportunities do at a screen.',
  values: {
    ENTER: { description: 'They come into it.' },
    EXIT: { description: 'They leave it.' },
    BOTH: { description: 'Either.' },
  },
});

export const WeekdayEnum = builder.enumType('Weekday', {
  description: 'A day of the week.',
  values: Object.fromEntries(WEEKDAYS.map((day) => [day, { description: `${day[0]}${day.slice(1).toLowerCase()}.` }])) as Record<
    (typeof WEEKDAYS)[number],
    { description: string }
  >,
});

export const MarketCalendarEnum = builder.enumType('MarketCalendar', {
  description: 'When markets are open.',
  values: describedValues(MARKET_CALENDARS, {
    US_MARKET_DAYS: 'Only days on which the US exchanges open.',
    US_MARKET_SESSION: 'Only while their regular session runs: 9:30 to 16:00 New York, 13:00 on short days.',
  }),
});

export const MatchOperatorEnum = builder.enumType('LabelOperator', {
  description: 'How a label is compared.',
  values: {
    EQUAL: { value: MATCH_OPERATORS[0], description: 'The same text.' },
    NOT_EQUAL: { value: MATCH_OPERATORS[1], description: 'Another text.' },
    LIKE: { value: MATCH_OPERATORS[2], description: 'As a pattern: `*`, `?`, alternatives with `|`.' },
    NOT_LIKE: { value: MATCH_OPERATORS[3], description: 'Not as the pattern.' },
  } as const,
});

export const AlertSettingChangeKindEnum = builder.enumType('AlertSettingChangeKind', {
  description: 'What was done.',
  values: describedValues(ALERT_SETTING_CHANGE_KINDS, { CREATED: 'It was made.', UPDATED: 'It was changed.', DELETED: 'It was deleted.' }),
});
