/**
 * GraphQL.js asks of every value that it completes whether it comes of a second copy of itself, unless it is told when it is loaded that this is production: then a page of results is
 * executed in half of the time. So this is imported before everything else.
 */
process.env.NODE_ENV ||= 'production';
