// A push button; `tip` says what it does to the music.
import QtQuick
import QtQuick.Controls.Basic as Basic

Basic.Button {
    id: button
    property string tip
    property string keys
    property color tint: Theme.raised
    property color ink: Theme.text
    property bool compact: false
    property var learns // what a MIDI pad may press in its place: address, label, help, sends

    implicitHeight: compact ? 24 : Theme.control
    font.pixelSize: compact ? Theme.small : Theme.normal
    leftPadding: compact ? 8 : 12
    rightPadding: leftPadding
    Accessible.name: text.length > 2 ? text : tip || text
    Accessible.description: tip
    Keys.onReturnPressed: click()
    background: Rectangle {
        radius: 6
        color: button.down ? Qt.darker(button.tint, 1.3) : button.hovered ? Qt.lighter(button.tint, 1.2) : button.tint
        opacity: button.enabled ? 1 : 0.45
        border.width: button.visualFocus ? 2 : 0
        border.color: Theme.text
    }
    contentItem: Text {
        text: button.text
        font: button.font
        color: button.enabled ? button.ink : Theme.dim
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
    }
    Keys.onMenuPressed: ControlMenu.open(button, learns)
    TapHandler { enabled: !!button.learns; acceptedButtons: Qt.RightButton; onTapped: ControlMenu.open(button, button.learns) }
    Tip { text: button.keys ? button.tip + " (" + button.keys + ")" : button.tip; shown: button.hovered }
}
