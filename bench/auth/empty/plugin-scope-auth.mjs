import SchemaBuilder, { BasePlugin } from '@pothos/core';

SchemaBuilder.registerPlugin('scopeAuth', class extends BasePlugin {});

export default 'scopeAuth';
