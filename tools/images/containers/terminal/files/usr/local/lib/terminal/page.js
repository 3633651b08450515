// Terminado's protocol: JSON arrays, ["stdin", text] up, ["stdout", text] down, ["set_size", rows, columns].
const screen = new Terminal({ cursorBlink: true, screenReaderMode: true })
const place = document.getElementById('shell')
const fitting = new FitAddon.FitAddon()
screen.loadAddon(fitting)
screen.open(place)
screen.focus()

const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:'
const socket = new WebSocket(`${scheme}//${location.host}/shell`)
const send = (...words) => {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(words))
}

function fit() {
  fitting.fit()
  send('set_size', screen.rows, screen.cols, place.clientHeight, place.clientWidth)
}

socket.onopen = fit
socket.onmessage = (message) => {
  const [kind, text] = JSON.parse(message.data)
  if (kind === 'stdout') screen.write(text)
}
socket.onclose = () => {
  document.getElementById('ended').hidden = false
  place.style.height = '90%'
}
screen.onData((text) => send('stdin', text))
addEventListener('resize', fit)
