// A bot on discord.js with a bit of everything. Its test acts as the people and reads the sandbox's record;
// all that this prints is "ready", once its commands are registered.
const {
  ActionRowBuilder, ApplicationCommandType, AttachmentBuilder, ButtonBuilder, ButtonStyle, Client,
  ContextMenuCommandBuilder, Events, GatewayIntentBits, MessageFlags, ModalBuilder, SlashCommandBuilder,
  StringSelectMenuBuilder, TextInputBuilder, TextInputStyle,
} = require('discord.js')

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
  shards: [0, 1],
  shardCount: 2,
  rest: { api: process.env.DISCORD_API },
})

const commands = [
  new SlashCommandBuilder()
    .setName('echo')
    .setDescription('Says it again, with the file')
    .addStringOption((option) => option.setName('text').setDescription('What to say').setRequired(true))
    .addIntegerOption((option) => option.setName('times').setDescription('How often').setMinValue(1).setMaxValue(3))
    .addAttachmentOption((option) => option.setName('file').setDescription('A file')),
  new SlashCommandBuilder()
    .setName('find')
    .setDescription('Completes what is typed')
    .addStringOption((option) => option.setName('word').setDescription('A word').setAutocomplete(true)),
  new ContextMenuCommandBuilder().setName('Length').setType(ApplicationCommandType.Message),
]

const panel = [
  new ActionRowBuilder().addComponents(
    new ButtonBuilder().setCustomId('again').setLabel('Again').setStyle(ButtonStyle.Primary),
    new ButtonBuilder().setCustomId('ask').setLabel('Ask').setStyle(ButtonStyle.Secondary),
  ),
  new ActionRowBuilder().addComponents(
    new StringSelectMenuBuilder().setCustomId('ratio').addOptions(
      { label: 'wide', value: '16:9' },
      { label: 'tall', value: '9:16' },
    ),
  ),
]

const answers = {
  async echo(interaction) {
    await interaction.deferReply()
    const text = Array(interaction.options.getInteger('times') ?? 1).fill(interaction.options.getString('text'))
    const given = interaction.options.getAttachment('file')
    const file = given && Buffer.from(await (await fetch(given.url)).arrayBuffer())
    const files = file ? [new AttachmentBuilder(file, { name: given.name, description: 'the same' })] : []
    await interaction.editReply({ content: text.join(' '), files, components: panel })
    await interaction.followUp({ content: 'done', flags: MessageFlags.Ephemeral })
  },
  find: (interaction) => interaction.respond([{ name: `${interaction.options.getFocused()}!`, value: 'found' }]),
  Length: (interaction) => interaction.reply(`${interaction.targetMessage.content.length} characters`),
  again: (interaction) => interaction.update({ content: 'again!', components: panel }),
  ask: (interaction) => interaction.showModal(
    new ModalBuilder().setCustomId('form').setTitle('Title').addComponents(
      new ActionRowBuilder().addComponents(
        new TextInputBuilder().setCustomId('headline').setLabel('Headline').setStyle(TextInputStyle.Short),
      ),
    ),
  ),
  ratio: (interaction) => interaction.reply({ content: interaction.values[0], flags: MessageFlags.Ephemeral }),
  form: (interaction) => interaction.reply(interaction.fields.getTextInputValue('headline')),
}

client.on(Events.InteractionCreate, (interaction) => answers[interaction.commandName ?? interaction.customId](interaction))

// What a bot does outside of interactions.
async function post() {
  const channel = await client.channels.fetch(process.env.CHANNEL_ID)
  const message = await channel.send({ content: 'a file', files: [new AttachmentBuilder(Buffer.from('12345'), { name: 'five.txt' })] })
  await message.edit('edited')
  await message.react('👍')
  await message.reply({ content: 'a reply', allowedMentions: { repliedUser: false } })
  const thread = await message.startThread({ name: 'Details' })
  await thread.send('inside')
  await (await channel.send('gone soon')).delete()
  await channel.messages.fetch({ limit: 10, cache: false })
  await (await client.users.fetch(process.env.USER_ID)).send('in private')
}

client.once(Events.ClientReady, async () => {
  await client.application.commands.set(commands)
  await post()
  console.log('ready')
})
// An error anywhere ends the process, which the test sees.
process.on('SIGTERM', () => client.destroy().then(() => process.exit(0)))
client.login(process.env.DISCORD_TOKEN)
